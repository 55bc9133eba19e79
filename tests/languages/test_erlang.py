import unittest

from support import HarnessLanguage, LanguageCase, run
from warm import Warm

LIBRARY = r'''
-module(main).
-behaviour(gen_server).
-export([main/1, init/1, handle_call/3, handle_cast/2]).
-include_lib("eunit/include/eunit.hrl").
-record(point, {x = 0, y = 0}).
-define(DOUBLE(X), (X) * 2).

init(N) -> {ok, N}.
handle_call(next, _, N) -> {reply, N, N + 1}.
handle_cast(_, N) -> {noreply, N}.

adds_test() -> ?assertEqual(2, 1 + 1).

main([]) ->
    %% data
    5050 = lists:sum(lists:seq(1, 100)),
    #{a := 2} = maps:map(fun(_, V) -> V + 1 end, #{a => 1}),
    6 = ?DOUBLE(3),
    #point{y = 0} = #point{x = 1},
    "żó" = string:lowercase("ŻÓ"),
    {match, ["ab"]} = re:run("xaby", "a.", [{capture, first, list}]),
    [1, 4, 9] = [X * X || X <- [1, 2, 3]],
    <<1:8, 2:8>> = <<258:16>>,
    <<"1">> = integer_to_binary(1),
    "1.50" = lists:flatten(io_lib:format("~.2f", [1.5])),
    {ok, Tokens, _} = erl_scan:string("1 + 2."),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    {value, 3, _} = erl_eval:exprs(Expressions, []),
    #{<<"a">> := 1} = json:decode(<<"{\"a\": 1}">>),
    3 = sets:size(sets:from_list([1, 2, 3])),
    3 = queue:len(queue:from_list([1, 2, 3])),
    true = rand:uniform() < 1,
    <<"aGk=">> = base64:encode(<<"hi">>),
    {{_, _, _}, {_, _, _}} = calendar:universal_time(),

    %% processes
    {ok, Server} = gen_server:start_link(?MODULE, 5, []),
    5 = gen_server:call(Server, next),
    Self = self(),
    Pids = [spawn_link(fun() -> Self ! {self(), N * N} end) || N <- lists:seq(1, 100)],
    338350 = lists:sum([receive {P, V} -> V end || P <- Pids]),
    {_, Monitor} = spawn_monitor(fun() -> exit(reason) end),
    receive {'DOWN', Monitor, process, _, reason} -> ok end,
    T = ets:new(t, [ordered_set]),
    true = ets:insert(T, [{2, b}, {1, a}]),
    [{1, a}, {2, b}] = ets:tab2list(T),
    erlang:send_after(5, self(), tick),
    receive tick -> ok end,
    [1, 4] = rpc:pmap({erlang, '*'}, [2], []) ++ [1, 4],

    %% files and programs
    ok = file:write_file("/tmp/a", "one\ntwo\n"),
    {ok, <<"one\n", _/binary>>} = file:read_file("/tmp/a"),
    {ok, F} = file:open("/tmp/a", [read]),
    "one\n" = io:get_line(F, ""),
    ok = filelib:ensure_dir("x/y/z"),
    ok = file:make_symlink("nowhere", "x/link"),
    {ok, _} = file:list_dir("x"),
    ok = file:del_dir_r("x"),
    "hi\n" = os:cmd("echo hi"),
    Port = open_port({spawn_executable, "/bin/sh"}, [{args, ["-c", "read x; echo got $x; exit 3"]}, exit_status, binary]),
    port_command(Port, "it\n"),
    receive {Port, {data, <<"got it\n">>}} -> ok end,
    receive {Port, {exit_status, 3}} -> ok end,
    {ok, "/work"} = file:get_cwd(),
    {ok, D} = dets:open_file(d, [{file, "/tmp/d"}]),
    ok = dets:insert(D, {k, v}),
    ok = dets:close(D),

    %% libraries
    32 = byte_size(crypto:hash(sha256, "x")),
    16 = byte_size(crypto:strong_rand_bytes(16)),
    <<"z">> = zlib:gunzip(zlib:gzip(<<"z">>)),
    {ok, {"a.zip", Zip}} = zip:create("a.zip", [{"a", <<"x">>}], [memory]),
    {ok, [{"a", <<"x">>}]} = zip:unzip(Zip, [memory]),
    ok = mnesia:start(),
    {atomic, ok} = mnesia:create_table(m, [{attributes, [k, v]}]),
    {atomic, ok} = mnesia:transaction(fun() -> mnesia:write({m, 1, 2}) end),
    {ok, made, Binary} = compile:forms([{attribute, 1, module, made}]),
    {module, made} = code:load_binary(made, "made", Binary),
    {error, eperm} = gen_tcp:listen(0, []),
    ok = eunit:test(?MODULE, [no_tty]),
    {#{}, _} = {#{}, xmerl_scan:string("<a>1</a>")},
    io:format("done~n").
'''

ESCRIPT = """#!/usr/bin/env escript
%% -*- erlang -*-
main(Args) ->
    io:format("~p~n", [Args]),
    {ok, length(Args)}.
"""


class Erlang(HarnessLanguage, LanguageCase):
    language = "erlang"
    COMMENT = "%"
    HELLO = 'io:format("hello~n").'
    EXIT_7 = "main(_) -> halt(7)."
    ECHO = "main(_) -> copy(io:get_line(\"\")).\ncopy(eof) -> ok;\ncopy(L) -> io:put_chars(L), copy(io:get_line(\"\"))."
    ARGS = '-module(main).\n-export([main/1]).\nmain(Args) -> [io:format("~ts~n", [A]) || A <- Args].'
    ENV = 'io:format("~ts~n", [os:getenv("GREETING")]).'
    UNICODE = 'io:format("~ts~n", ["żółw 🐢"]).'
    ERROR = "main(_) -> error(boom)."
    BROKEN = 'main(_) -> io:format("never"), foo(.\n'
    NOT_UTF_8 = b'io:format("never").\nio:format("\xff").'
    DESCRIPTORS = 'io:put_chars(os:cmd("echo /proc/self/fd/*")).'
    LIBRARY = LIBRARY

    def test_the_value_is_what_main_returns(self):
        for source in ("-module(main).\n-export([main/1]).\nmain(_) -> {ok, \"a\"}.",
                       "-module(other).\n-export([main/0]).\nmain() -> {ok, \"a\"}.",
                       "-module(main).\n-export([start/0]).\nstart() -> {ok, \"a\"}.",
                       "main(_) -> {ok, \"a\"}."):  # fmt: skip
            with self.subTest(source):
                self.assertEqual('{ok,"a"}', self.run_ok(source)["value"])

    def test_an_escript_runs(self):
        answer = self.run_ok(ESCRIPT, args=["a", "b"])
        self.assertEqual(('["a","b"]\n', "{ok,2}"), (answer["stdout"], answer["value"]))
        answer = self.run_ok([("tool.escript", ESCRIPT)])
        self.assertEqual("{ok,0}", answer["value"])

    def test_expressions_are_evaluated_as_in_the_shell(self):
        answer = self.run_ok("X = 1 + 2.\nF = fun(Y) -> X * Y end, L = [F(1),\n F(2)].\nlists:sum(L)")
        self.assertEqual("9", answer["value"])
        self.assertIsNone(self.run_ok("")["value"])

    def test_a_huge_value_is_bounded(self):
        answer = self.run_ok("lists:seq(1, 1000000).")
        self.assertTrue(0 < len(answer["value"]) <= 65536)

    def test_trace_tells_each_expression(self):
        answer = self.run_ok("X = 2.\nY = X * 3, [X,\n Y].\nok.", trace=True)
        self.assertEqual([(1, "2"), (2, "6"), (3, "[2,6]"), (4, "ok")], self.values(answer))

    def test_trace_tells_each_expression_of_main(self):
        answer = self.run_ok("-module(main).\n-export([main/1]).\nmain(_) ->\n  X = 2,\n  Y = X * 3,\n  {X, Y}.", trace=True)
        self.assertEqual([(4, "2"), (5, "6"), (6, "{2,6}")], self.values(answer))

    def test_trace_goes_up_to_the_fault(self):
        answer = self.run_status("error", "1.\n2 = 1 + 2.\n3.", trace=True)
        self.assertEqual([(1, "1")], self.values(answer))
        self.assert_diagnostic(answer, "error", "no match of right hand side value 3", 2)

    def test_warnings_have_line_and_column(self):
        answer = self.run_ok("-module(main).\n-export([main/1]).\nmain(_) ->\n  X = 2,\n  ok.")
        self.assert_diagnostic(answer, "warning", "variable 'X' is unused", 4, 3)
        self.assertIn("main.erl:4:3: Warning: variable 'X' is unused", answer["stderr"])

    def test_a_syntax_error_has_its_line_and_column(self):
        answer = self.run_status("compile_error", "-module(main).\n-export([main/1]).\nmain(_) -> foo(].\n")
        self.assert_diagnostic(answer, "error", "syntax error before: ']'", 3, 16)
        self.assertEqual(1, answer["exit_code"])
        answer = self.run_status("compile_error", "X = 1.\nY = X + .\n")
        self.assert_diagnostic(answer, "error", "syntax error before: '.'", 2, 9)

    def test_what_is_not_defined_is_a_compile_error(self):
        answer = self.run_status("compile_error", "main(_) ->\n  f(X).\n")
        self.assert_diagnostic(answer, "error", "variable 'X' is unbound", 2, 5)
        self.assert_diagnostic(answer, "error", "function f/1 undefined", 2, 3)
        answer = self.run_status("compile_error", "io:format(\"never\").\nX + 1.\n")
        self.assert_diagnostic(answer, "error", "variable 'X' is unbound", 2, 1)
        self.assertEqual("", answer["stdout"])

    def test_an_uncaught_exception_is_printed_as_escript_does(self):
        answer = self.run_status("error", "main(_) ->\n  f(1).\nf(2) ->\n  ok.\n")
        self.assertIn("escript: exception error: no function clause matching main:f(1) (main.erl, line 3)", answer["stderr"])
        self.assertEqual(127, answer["exit_code"])
        self.assert_diagnostic(answer, "error", "no function clause matching", 3)

    def test_other_modules_are_compiled_too(self):
        files = [("main.erl", '-module(main).\n-export([main/1]).\n-include("b.hrl").\nmain(_) -> helper:f(?TWO).'),
                 ("helper.erl", "-module(helper).\n-export([f/1]).\nf(X) -> X * 21."), ("b.hrl", "-define(TWO, 2).")]  # fmt: skip
        self.assertEqual("42", self.run_ok(files)["value"])
        files[1] = ("helper.erl", "-module(helper).\n-export([f/1]).\nf(X) -> Y.")
        answer = self.run_status("compile_error", files)
        self.assert_diagnostic(answer, "error", "variable 'Y' is unbound", 3, 9, "helper.erl")

    def test_nothing_of_the_users_is_loaded_while_the_runtime_boots(self):
        names = ["lists", "io_lib", "phial", "json", "erl_eval", "epp"]
        files = [("main.erl", 'io:format("1~n").')] + [(f"{name}.beam", "no byte code") for name in names]
        self.assertEqual("1\n", self.run_ok([*files, (".erlang", 'io:format("early").')])["stdout"])

    def test_a_module_without_a_start_says_so(self):
        answer = self.run_status("error", "-module(main).\n-export([f/0]).\nf() -> 1.")
        self.assertIn("main/1, main/0, start/0", answer["stderr"])

    def test_a_mebibyte_of_output_arrives(self):
        answer = self.run_ok("main(_) -> [io:format(\"~s~n\", [lists:duplicate(1023, $x)]) || _ <- lists:seq(1, 1024)], ok.")
        self.assertEqual(1 << 20, len(answer["stdout"]))

    def test_two_runs_draw_nothing_alike(self):
        source = 'io:format("crypto ~s~n", [binary:encode_hex(crypto:strong_rand_bytes(16))]).\n' \
                 'io:format("bignum ~w~n", [crypto:rand_uniform(1, 1 bsl 100)]).\n' \
                 'io:format("rand ~w~n", [rand:uniform(1 bsl 58)]).\nio:format("float ~w~n", [rand:uniform()]).\n' \
                 'Self = self().\nspawn(fun() -> Self ! rand:uniform(1 bsl 58) end).\n' \
                 'receive N -> io:format("other ~w~n", [N]) end.'  # fmt: skip
        self.assert_differ(source)

    def test_what_was_written_last_comes_out_whole(self):
        source = "logger:error(\"logged\").\n[io:format(standard_error, \"~w ~s~n\", [N, lists:duplicate(90, $x)]) || N <- lists:seq(1, 2000)].\n" \
                 "io:format(\"~s\", [lists:duplicate(400000, $y)])."  # fmt: skip
        answer = self.run_ok(source)
        self.assertIn("logged", answer["stdout"])
        self.assertEqual(400_000, answer["stdout"].count("y"))
        self.assertEqual([str(n) for n in range(1, 2001)], [line.split(" ")[0] for line in answer["stderr"].splitlines()])


# What a program can see of the runtime it runs in.
VISIBLE = r"""
Show = fun(Name, Value) -> io:format("~s ~p~n", [Name, Value]) end.
Show("named", lists:sort(registered())).
Show("tables", lists:sort([ets:info(Table, name) || Table <- ets:all()])).
Show("processes", length(processes())).
Show("ports", length(erlang:ports())).
Show("loaded", application:loaded_applications()).
Show("started", application:which_applications()).
Show("settings", [{App, lists:sort(application:get_all_env(App))} || {App, _, _} <- application:loaded_applications()]).
Show("logger", logger:get_config()).
Show("own", {get(), process_info(self(), trap_exit)}).
Show("places", {code:get_path(), file:get_cwd(), os:env(), init:get_plain_arguments()}).
Show("limits", {erlang:system_info(schedulers), erlang:system_info(process_limit)}).
[Show("made", Module) || {Module, [C | _] = File} <- code:all_loaded(), is_list(File), C =/= $/].
"""


class WarmErlang(Warm, Erlang):
    def test_a_program_sees_no_trace_of_the_warm_up(self):
        self.assertEqual(run("erlang", VISIBLE)["stdout"], self.run_ok(VISIBLE)["stdout"])


if __name__ == "__main__":
    unittest.main()
