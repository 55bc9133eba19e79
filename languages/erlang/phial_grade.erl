%% Judges a solution by EUnit tests, in one runtime (docs/languages.md, role=together). This can be forged, and the answer
%% says that it was judged so. It is made as hard as it can be: the solution is compiled while no test is there to read,
%% what the runtime consists of can neither be replaced nor have changed at the end, and the plan is made before any code
%% of the solution's is called by a test.
%%
%% A test is a function NAME_test/0 or a generator NAME_test_/0 of a test file, in the order of files and lines. Each is run
%% by EUnit by itself; what comes of a generator's tests is the generator's.
-module(phial_grade).
-behaviour(eunit_listener).
-export([run/1]).
-export([start/1, init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).

-define(TESTS_MOST, 500).
-define(SECONDS, 3). % of one test that says nothing else
-define(MESSAGE_MOST, 16000).
-define(VALUE_MOST, 8000).
-define(TEXTS_MOST, 1 bsl 20). % of all tests: the report is read up to a bound

%% Returns the exit code.
run(#{test := Tests, solution := Solution}) ->
    phial:report_grades(),
    Sources = [{File, Source} || File <- Tests, {ok, Source} <- [file:read_file(File)]],
    [file:delete(File) || {File, _} <- Sources],
    Runtime = runtime(),
    Own = [File || File <- Solution, filename:extension(File) =:= ".erl"],
    Helpers = (filelib:wildcard("**/*.erl") -- Tests) -- Own,
    case compile_all(lists:sort(Helpers) ++ Own, Runtime) of
        error -> compile_error();
        _ ->
            lists:foreach(fun({File, Source}) -> file:write_file(File, Source) end, Sources),
            run_tests(Tests, Runtime)
    end.

compile_error() ->
    phial:report(#{compile_error => true}),
    1.

run_tests(Files, Runtime) ->
    case compile_all(Files, Runtime) of
        error -> compile_error();
        Modules ->
            Tests = lists:append([tests(File, Module, Forms) || {File, Module, Forms} <- Modules]),
            Whole = maps:merge(Runtime, checksums([Module || {_, Module, _} <- Modules])),
            run_tests_of(Tests, Whole)
    end.

run_tests_of(Tests, _) when length(Tests) > ?TESTS_MOST ->
    io:format(standard_error, "there are more than ~w tests~n", [?TESTS_MOST]),
    1;
run_tests_of(Tests, Whole) ->
    phial:report(#{plan => [#{name => name(F), file => text(File), line => Line} || {File, Line, _, F} <- Tests]}),
    lists:foldl(fun run_one/2, {0, ?TEXTS_MOST}, Tests),
    case changed(Whole) of
        [] ->
            phial:report(#{'end' => true}),
            0;
        Modules ->
            io:format(standard_error, "the solution has changed ~tp~n", [Modules]),
            1
    end.

%% ---- the runtime ----

runtime() ->
    application:load(eunit),
    {ok, Eunit} = application:get_key(eunit, modules),
    lists:foreach(fun code:ensure_loaded/1, [?MODULE | Eunit]),
    Loaded = [Module || {Module, _} <- code:all_loaded()],
    %% The code server then refuses to replace them.
    lists:foreach(fun code:stick_mod/1, Loaded),
    checksums(Loaded).

checksums(Modules) -> maps:from_list([{Module, erlang:get_module_info(Module, md5)} || Module <- Modules]).

changed(Checksums) ->
    [
        Module
     || {Module, Sum} <- maps:to_list(Checksums),
        not erlang:module_loaded(Module) orelse erlang:get_module_info(Module, md5) =/= Sum
    ].

%% ---- compiling ----

%% [{File, Module, Forms}], or error; all are compiled, so that all is told.
compile_all(Files, Runtime) ->
    Compiled = [compile(File, Runtime) || File <- Files],
    case lists:member(error, Compiled) of
        true -> error;
        false -> Compiled
    end.

compile(File, Runtime) ->
    case filelib:is_regular(File) of
        true -> compile(File, phial:read_forms(File, 1), Runtime);
        false -> refuse(File, 1, "there is no such file")
    end.

compile(File, Forms, Runtime) ->
    case [{Line, Module} || {attribute, Line, module, Module} <- Forms] of
        [{Line, Module} | _] when is_atom(Module) ->
            case is_map_key(Module, Runtime) orelse is_runtime(code:which(Module)) of
                true -> refuse(File, erl_anno:line(Line), io_lib:format("the module ~tp is the runtime's", [Module]));
                false -> compiled(File, Forms, phial:compile(File, Forms, []))
            end;
        _ -> compiled(File, Forms, phial:compile(File, Forms, []))
    end.

compiled(_, _, error) -> error;
compiled(File, Forms, Module) -> {File, Module, Forms}.

is_runtime("/usr/" ++ _) -> true;
is_runtime("/phial/" ++ _) -> true;
is_runtime(Place) -> Place =:= preloaded orelse Place =:= cover_compiled.

refuse(File, Line, Message) ->
    io:format(standard_error, "~ts:~w: ~ts~n", [File, Line, Message]),
    phial:report_diagnostic(error, File, Line, Message),
    error.

tests(File, Module, Forms) ->
    [
        {File, erl_anno:line(Anno), Module, Name}
     || {function, Anno, Name, 0, _} <- Forms, is_test(Name), erlang:function_exported(Module, Name, 0)
    ].

is_test(Name) ->
    Text = atom_to_list(Name),
    lists:suffix("_test", Text) orelse lists:suffix("_test_", Text).

name(Function) -> text(hd(string:split(atom_to_list(Function), "_test", trailing))).

%% ---- one test ----

run_one({_, _, Module, Function}, {Index, Left}) ->
    Begun = erlang:monotonic_time(microsecond),
    Parts = parts(Module, Function),
    Time = (erlang:monotonic_time(microsecond) - Begun) / 1000,
    {Status, Texts} = sum_up(Parts),
    Output = cut(iolist_to_binary([Text || {_, Text, _} <- Parts]), ?MESSAGE_MOST),
    All = [{Key, Text} || {Key, Text} <- [{output, Output} | Texts], Text =/= <<>>],
    Size = lists:sum([byte_size(Text) || {_, Text} <- All]),
    Told = if Size > Left -> []; true -> All end,
    phial:report(#{test => (maps:from_list(Told))#{index => Index, status => Status, ms => Time}}),
    {Index + 1, max(Left - Size, 0)}.

%% [{Status, Output, Texts}] of all that EUnit ran, in order. It runs in a process of its own, with this module to listen.
parts(Module, Function) ->
    Self = self(),
    Ref = make_ref(),
    Set =
        case lists:suffix("_", atom_to_list(Function)) of
            true -> {generator, Module, Function};
            false -> {timeout, ?SECONDS, {test, Module, Function}}
        end,
    {Pid, Monitor} = spawn_monitor(fun() -> eunit:test(Set, [no_tty, {report, {?MODULE, [{to, {Self, Ref}}]}}]) end),
    receive
        {'DOWN', Monitor, process, Pid, _} -> ok
    end,
    receive
        {Ref, Parts} -> Parts
    after 1000 -> [{error, <<>>, [{message, <<"it ended what ran the tests">>}]}]
    end.

sum_up([]) -> {error, [{message, <<"it holds no test">>}]};
sum_up(Parts) ->
    Bad = [{Status, Texts} || {Status, _, Texts} <- Parts, Status =/= pass],
    case {Bad, lists:keyfind(error, 1, Bad), lists:keyfind(fail, 1, Bad)} of
        {[], _, _} -> {pass, []};
        {_, _, {fail, Texts}} -> {fail, Texts};
        {_, {error, Texts}, _} -> {error, Texts};
        {[First | _], _, _} -> First
    end.

%% ---- the listener ----

start(Options) -> eunit_listener:start(?MODULE, Options).

init(Options) -> {proplists:get_value(to, Options), []}.

handle_begin(_, _, State) -> State.

handle_end(test, Data, {To, Parts}) ->
    Output = iolist_to_binary([proplists:get_value(output, Data, <<>>)]),
    {Status, Texts} = result(proplists:get_value(status, Data), Data),
    {To, [{Status, Output, Texts} | Parts]};
handle_end(_, _, State) -> State.

handle_cancel(_, Data, {To, Parts}) ->
    case proplists:get_value(reason, Data) of
        {blame, _} -> {To, Parts};
        Reason -> {To, [{error, <<>>, [{message, cut(cancelled(Reason), ?MESSAGE_MOST)}]} | Parts]}
    end.

terminate(_, {{Pid, Ref}, Parts}) -> Pid ! {Ref, lists:reverse(Parts)}.

cancelled({timeout, _}) -> <<"it ran for too long">>;
cancelled(timeout) -> <<"it ran for too long">>;
cancelled(undefined) -> <<"its process was ended">>;
cancelled({abort, {Where, {Class, Reason, Stack}}}) -> [atom_to_list(Where), ": ", exception(Class, Reason, Stack)];
cancelled(Reason) -> io_lib:format("~tp", [Reason], [{chars_limit, ?MESSAGE_MOST}]).

result(ok, _) -> {pass, []};
result({skipped, Reason}, _) -> {skip, [{message, phial:inspect(Reason, ?VALUE_MOST)}]};
result({error, {Class, Reason, Stack}}, Data) ->
    Described =
        case proplists:get_value(desc, Data) of
            Text when is_binary(Text), Text =/= <<>> -> [Text, ": "];
            _ -> []
        end,
    {Message, Sides} = failure(Class, Reason, Stack),
    {fail, [{message, cut([Described, Message], ?MESSAGE_MOST)} | Sides]}.

failure(error, {Macro, Info}, Stack) when is_atom(Macro), is_list(Info) ->
    case lists:prefix("assert", atom_to_list(Macro)) andalso proplists:is_defined(line, Info) of
        true -> {[place(Info), assertion(Macro, Info)], sides(Info)};
        false -> {exception(error, {Macro, Info}, Stack), []}
    end;
failure(Class, Reason, Stack) -> {exception(Class, Reason, Stack), []}.

place(Info) -> io_lib:format("~tp:~tp: ", [proplists:get_value(module, Info), proplists:get_value(line, Info)]).

assertion(Macro, Info) ->
    What = code(proplists:get_value(expression, Info, "")),
    [
        io_lib:format("?~ts failed: ~ts", [Macro, What]),
        case lists:keyfind(unexpected_exception, 1, Info) of
            {_, {Class, Reason, Stack}} -> ["\n", exception(Class, Reason, Stack)];
            _ -> []
        end,
        [["\n", text(Comment)] || {comment, Comment} <- Info]
    ].

sides(Info) ->
    [{expected, phial:inspect(Value, ?VALUE_MOST)} || {expected, Value} <- Info] ++
        [{expected, cut(code(Pattern), ?VALUE_MOST)} || {pattern, Pattern} <- Info] ++
        [
            {actual, phial:inspect(Value, ?VALUE_MOST)}
         || {Key, Value} <- Info, lists:member(Key, [value, unexpected_success])
        ].

exception(Class, Reason, Stack) ->
    Frames = [Frame || Frame <- Stack, is_tuple(Frame), not is_inner(atom_to_list(element(1, Frame)))],
    phial:format_exception(Class, Reason, Frames).

is_inner(Module) -> lists:prefix("eunit", Module) orelse lists:prefix("phial", Module).

%% ---- texts ----

%% What the preprocessor makes of code in a macro has a space between all tokens.
code(Text) ->
    try
        {ok, Tokens, _} = erl_scan:string(Text ++ "."),
        {ok, [Expression]} = erl_parse:parse_exprs(Tokens),
        text(erl_pp:expr(Expression))
    catch
        error:_ -> text(Text)
    end.

text(Text) ->
    case unicode:characters_to_binary(Text) of
        Binary when is_binary(Binary) -> Binary;
        _ -> unicode:characters_to_binary(io_lib:format("~tp", [Text]))
    end.

%% At most that many bytes, and no part of a character at the end; what is no UTF-8 is taken as Latin-1.
cut(Text, Most) ->
    Binary =
        case unicode:characters_to_binary(Text) of
            Whole when is_binary(Whole) -> Whole;
            _ -> unicode:characters_to_binary(binary_to_list(iolist_to_binary(Text)), latin1)
        end,
    case Binary of
        <<Head:Most/binary, _/binary>> -> whole_characters(Head);
        _ -> Binary
    end.

whole_characters(Binary) ->
    case unicode:characters_to_binary(Binary) of
        {incomplete, Whole, _} -> Whole;
        Whole -> Whole
    end.
