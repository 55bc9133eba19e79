import unittest

from support import HarnessLanguage, LanguageCase, run
from warm import Warm

LIBRARY = r'''
require Logger

# data
true = Enum.sum(1..100) == 5050
%{a: 2} = Map.update!(%{a: 1}, :a, & &1 + 1)
"dlrow" = String.reverse("world")
"ŻÓŁW" = String.upcase("żółw")
["a", "b"] = Regex.run(~r/(?<x>a)?b/u, "ab") |> then(fn [_, a] -> [a, "b"] end)
"2024-02-29" = ~D[2024-02-28] |> Date.add(1) |> Date.to_string()
{:ok, _} = DateTime.now("Etc/UTC")
[1, 4, 9] = for(x <- 1..3, do: x * x)
55 = Stream.iterate(1, & &1 + 1) |> Stream.take(10) |> Enum.sum()
true = MapSet.member?(MapSet.new([1, 2]), 2)
{:ok, 3.5} = {:ok, Float.round(3.49999, 1)}
"%{a: [1]}" = inspect(%{a: [1]})
true = :rand.uniform() < 1
<<1, 2>> = :erlang.list_to_binary([1, 2])
{:ok, %{"a" => 1}} = {:ok, :json.decode(~s({"a": 1}))}
"aGk=" = Base.encode64("hi")
URI.parse("http://example.com/x?y=1").query |> URI.decode_query() |> Map.fetch!("y")
%{year: 2024} = NaiveDateTime.from_iso8601!("2024-01-01T00:00:00")
"a-1" = EEx.eval_string("a-<%= x %>", x: 1)
"x" = Keyword.get([a: "x"], :a)

# processes
10 = 1..10 |> Task.async_stream(& &1) |> Enum.count()
{:ok, agent} = Agent.start_link(fn -> 0 end)
Agent.update(agent, & &1 + 1)
1 = Agent.get(agent, & &1)
defmodule Counter do
  use GenServer
  def init(n), do: {:ok, n}
  def handle_call(:next, _, n), do: {:reply, n, n + 1}
end
{:ok, _} = Supervisor.start_link([%{id: Counter, start: {GenServer, :start_link, [Counter, 5, [name: :counter]]}}], strategy: :one_for_one)
5 = GenServer.call(:counter, :next)
{:ok, _} = Registry.start_link(keys: :unique, name: Names)
{:ok, _} = Registry.register(Names, "me", nil)
table = :ets.new(:t, [:set, :public])
true = :ets.insert(table, {:k, 1})
[{:k, 1}] = :ets.lookup(table, :k)
ref = Process.send_after(self(), :tick, 5)
receive do :tick -> :ok end
false = Process.cancel_timer(ref)
pid = spawn_link(fn -> receive do {from, x} -> send(from, x * 2) end end)
send(pid, {self(), 21})
42 = receive do x -> x end
1000 = length(for(_ <- 1..1000, do: spawn(fn -> :ok end)))
:timer.sleep(5)

# files and programs
File.write!("/tmp/a", "one\ntwo\n")
["one\n", "two\n"] = File.stream!("/tmp/a") |> Enum.to_list()
File.mkdir_p!("x/y")
File.cp!("/tmp/a", "x/y/b")
File.ln_s!("b", "x/y/link")
["x/y/b", "x/y/link"] = Path.wildcard("x/y/*")
{:ok, %{size: 8}} = File.stat("x/y/b")
File.rm_rf!("x")
{"hi\n", 0} = System.cmd("/bin/sh", ["-c", "echo hi"])
{"shell\n", 3} = System.shell("echo shell; exit 3")
~c"os\n" = :os.cmd(~c"echo os")
port = Port.open({:spawn, "/bin/sh -c 'read x; echo got $x'"}, [:binary])
Port.command(port, "it\n")
"got it\n" = receive do {^port, {:data, data}} -> data end
"/work" = File.cwd!()
"/work" = System.user_home!()
{:ok, io} = StringIO.open("in")
"in" = IO.read(io, :eof)

# Erlang's
32 = byte_size(:crypto.hash(:sha256, "x"))
16 = byte_size(:crypto.strong_rand_bytes(16))
"z" = "z" |> :zlib.gzip() |> :zlib.gunzip()
{:ok, [{_, "x"}]} = :zip.create(~c"a.zip", [{~c"a", "x"}], [:memory]) |> then(fn {:ok, {_, bin}} -> :zip.unzip(bin, [:memory]) end)
{_, 1} = :timer.tc(fn -> 1 end) |> then(fn {us, x} when us >= 0 -> {us, x} end)
:ok = :mnesia.start()
{:atomic, :ok} = :mnesia.create_table(:m, attributes: [:k, :v])
{:atomic, :ok} = :mnesia.transaction(fn -> :mnesia.write({:m, 1, 2}) end)
{:ok, socket} = :gen_udp.open(0) |> then(fn {:error, reason} -> {:ok, reason}; other -> other end)
true = socket in [:eperm, :eacces] or is_port(socket)
[{Made, _}] = Code.compile_string("defmodule Made do def x, do: 1 end")
1 = apply(Made, :x, [])
{3, _} = Code.eval_string("1 + 2")
"a + b" = quote(do: a + b) |> Macro.to_string()
{:ok, _} = Code.fetch_docs(Enum) |> then(&{:ok, &1})
Logger.configure(level: :error)
Logger.info("quiet")
IO.puts("done")
'''

TESTS = """ExUnit.start(seed: 0)
defmodule MathTest do
  use ExUnit.Case, async: true
  test "adds" do assert 1 + 1 == 2 end
  test "fails" do assert 1 + 1 == 3 end
end
"""


class Elixir(HarnessLanguage, LanguageCase):
    language = "elixir"
    HELLO = 'IO.puts("hello")'
    EXIT_7 = "System.halt(7)"
    ECHO = "IO.write(IO.read(:stdio, :eof))"
    ARGS = "Enum.each(System.argv(), &IO.puts/1)"
    ENV = 'IO.puts(System.fetch_env!("GREETING"))'
    UNICODE = 'IO.puts("żółw 🐢")'
    ERROR = 'raise "boom"'
    BROKEN = 'IO.puts("never")\nIO.puts(undefined_one)'
    NOT_UTF_8 = b'IO.puts("never")\nIO.puts("\xff")'
    DESCRIPTORS = 'IO.puts(elem(System.shell("echo /proc/self/fd/*"), 0))'
    LIBRARY = LIBRARY

    def test_the_value_is_that_of_the_last_expression(self):
        for source, value in [("1 + 1", "2"), ("x = 5\nx * 2\n# end", "10"), ("", "nil"), ("IO.puts(1)", ":ok"),
                              ("Enum.map([1, 2, 3], fn x -> x * 2 end)", "[2, 4, 6]"), ('"ü"', '"ü"'),
                              ("f = fn -> 1 end\nf.()", "1"), ("%{a: {1, nil}}", "%{a: {1, nil}}")]:  # fmt: skip
            with self.subTest(source):
                self.assertEqual(value, self.run_ok(source)["value"])

    def test_a_huge_or_faulty_value_is_bounded(self):
        answer = self.run_ok('for i <- 1..40, do: String.duplicate("#{i}", 4_000)')
        self.assertTrue(0 < len(answer["value"]) <= 65536)
        broken = "defmodule Odd do\n  defstruct []\n  defimpl Inspect do\n    def inspect(_, _), do: raise(\"no\")\n" \
                 "  end\nend\nstruct(Odd)"  # fmt: skip
        self.assertIn("Inspect.Error", self.run_ok(broken)["value"])

    def test_trace_tells_each_top_level_expression(self):
        source = "x = 2\nimport Enum\nmap([1, 2],\n  fn y -> y * x end)\nIO.puts(x)\n%{a: 1,\n  b: 2}\n"
        answer = self.run_ok(source, trace=True)
        self.assertEqual([(1, "2"), (2, "Enum"), (4, "[2, 4]"), (5, ":ok")], self.values(answer)[:4])
        self.assertEqual(7, answer["values"][4]["line"])
        self.assertEqual("2\n", answer["stdout"])
        self.assertEqual([(1, ":ok")], self.values(self.run_ok("IO.puts(1)", trace=True)))

    def test_trace_goes_up_to_the_fault(self):
        answer = self.run_status("error", "1\nx = 1 + 1\n{:ok, _} = x\n4", trace=True)
        self.assertEqual([(1, "1"), (2, "2")], self.values(answer))
        self.assertIsNone(answer["value"])

    def test_warnings_have_line_and_column(self):
        answer = self.run_ok("defmodule A do\n  def f(y), do: 2\nend\nA.f(1)\n")
        self.assert_diagnostic(answer, "warning", 'variable "y" is unused', 2, 9)
        self.assertIn('warning: variable "y" is unused', answer["stderr"])
        for source in ("1 + 1\nx = 1", "f = fn -> 1 end\nf.()\nx = 1"):
            lines = source.count("\n") + 1
            self.assert_diagnostic(self.run_ok(source), "warning", 'variable "x" is unused', lines, 1)

    def test_a_call_of_an_undefined_function_is_warned_of(self):
        answer = self.run_ok("defmodule A do\n  def f, do: Enum.nothing(1)\nend\n")
        self.assert_diagnostic(answer, "warning", "Enum.nothing/1 is undefined", 2, 19)

    def test_warnings_before_a_halt_are_reported(self):
        answer = self.run_ok("defmodule A do\n  def f(y), do: 2\nend\nSystem.halt(0)")
        self.assert_diagnostic(answer, "warning", 'variable "y" is unused', 2, 9)

    def test_a_syntax_error_has_its_line_and_column(self):
        answer = self.run_status("compile_error", "x = 1\nIO.puts(x))\n")
        self.assert_diagnostic(answer, "error", "unexpected token: )", 2, 11)
        self.assertIn("** (SyntaxError)", answer["stderr"])
        answer = self.run_status("compile_error", "foo = [1,\n")
        self.assertIn("** (TokenMissingError)", answer["stderr"])

    def test_an_undefined_variable_is_a_compile_error(self):
        answer = self.run_status("compile_error", "x = 1\nIO.puts(x + z)")
        self.assert_diagnostic(answer, "error", 'undefined variable "z"', 2, 13)
        answer = self.run_status("compile_error", "defmodule A do\n  def f, do: z\nend\nA.f()")
        self.assert_diagnostic(answer, "error", 'undefined variable "z"', 2, 14)
        self.assertEqual(1, answer["exit_code"])

    def test_what_ran_in_part_is_no_compile_error(self):
        answer = self.run_status("error", "IO.puts(1)\ndefmodule A do\n  def f, do: z\nend")
        self.assertEqual("1\n", answer["stdout"])

    def test_an_uncaught_exception_is_printed_as_elixir_does(self):
        answer = self.run_status("error", 'IO.puts("a")\nraise ArgumentError, "boom"\n')
        self.assertEqual("** (ArgumentError) boom\n    main.exs:2: (file)\n", answer["stderr"].rstrip("\n") + "\n")
        self.assert_diagnostic(answer, "error", "boom", 2)
        inside = 'defmodule A do\n  def f do\n    raise "boom"\n    :ok\n  end\nend\nA.f()\n'
        answer = self.run_status("error", inside)
        self.assertIn("** (RuntimeError) boom\n    main.exs:3: A.f/0\n    main.exs:7: (file)\n", answer["stderr"])
        self.assert_diagnostic(answer, "error", "boom", 3)

    def test_a_failed_match_says_where(self):
        for source in ("x = 1\n{:ok, _} = x", "f = fn -> 1 end\n{:ok, _} = f.()"):
            answer = self.run_status("error", source)
            self.assertRegex(answer["stderr"], r"\*\* \(MatchError\) .*\n    main.exs:2: \(file\)\n")

    def test_ways_to_end_have_elixirs_exit_codes(self):
        for source, code in [("exit(:normal)", 0), ("exit(:shutdown)", 0), ("exit({:shutdown, 4})", 4), ("exit(:x)", 1),
                             ("throw(:x)", 1), ("System.stop(3)\nProcess.sleep(:infinity)", 3), ("System.halt(0)", 0),
                             (":erlang.halt(9)", 9), ("System.at_exit(fn _ -> exit({:shutdown, 6}) end)", 6)]:  # fmt: skip
            with self.subTest(source):
                self.assertEqual(code, self.run_status("error" if code else "ok", source)["exit_code"])

    def test_exit_handlers_run(self):
        answer = self.run_status("error", 'System.at_exit(fn code -> IO.puts("code #{code}") end)\nraise "boom"')
        self.assertEqual("code 1\n", answer["stdout"])

    def test_lines_are_read_one_by_one(self):
        source = 'a = IO.gets("") |> String.trim()\nb = IO.gets("")\nc = IO.gets("")\nIO.inspect({a, b, c})'
        self.assertEqual('{"one", "two", :eof}\n', self.run_ok(source, stdin="one\ntwo")["stdout"])

    def test_other_files_can_be_required(self):
        files = [("main.exs", 'Code.require_file("lib/helper.ex")\nIO.puts(apply(Helper, :f, [2]))'),
                 ("lib/helper.ex", "defmodule Helper do\n  def f(x), do: x * 21\nend")]  # fmt: skip
        self.assertEqual("42\n", self.run_ok(files)["stdout"])

    def test_nothing_of_the_users_is_loaded_while_the_runtime_boots(self):
        names = ["lists", "io_lib", "Elixir.Logger", "Elixir.Phial.Script", "json", "erl_eval"]
        files = [("main.exs", "IO.puts(1)")] + [(f"{name}.beam", "no byte code") for name in names]
        self.assertEqual("1\n", self.run_ok([*files, (".erlang", 'io:format("early").')])["stdout"])

    def test_the_file_knows_its_place(self):
        self.assertEqual('{"/work/main.exs", "/work", 1}', self.run_ok("{__ENV__.file, __DIR__, __ENV__.line}")["value"])

    def test_exunit_runs_by_itself_at_the_end(self):
        answer = self.run_status("error", TESTS)
        self.assertIn("2 tests, 1 failure", answer["stdout"])
        self.assertEqual(2, answer["exit_code"])
        self.assertIn("2 tests, 0 failures", self.run_ok(TESTS.replace("== 3", "== 2"))["stdout"])

    def test_a_crash_of_another_process_is_logged_and_the_program_goes_on(self):
        answer = self.run_ok('spawn(fn -> raise "boom" end)\nProcess.sleep(100)\nIO.puts("on")')
        self.assertIn("(RuntimeError) boom", answer["stdout"] + answer["stderr"])
        self.assertTrue(answer["stdout"].endswith("on\n"), answer)

    def test_a_loop_in_a_function_is_compiled(self):
        # The evaluator needs more than a minute of CPU for this, compiled code a fraction of a second.
        source = "f = fn f, n, sum -> if n == 0, do: sum, else: f.(f, n - 1, sum + n) end\nf.(f, 20_000_000, 0)"
        self.assertEqual("200000010000000", self.run_ok(source, limits=["wall=60s", "cpu=5s"])["value"])

    def test_two_runs_draw_nothing_alike(self):
        source = 'IO.puts("crypto " <> Base.encode16(:crypto.strong_rand_bytes(16)))\n' \
                 'IO.puts("bignum #{:crypto.rand_uniform(1, 2 ** 100)}")\n' \
                 'IO.puts("rand #{:rand.uniform(2 ** 58)}")\nIO.puts("float #{:rand.uniform()}")\n' \
                 'IO.puts("other #{Task.await(Task.async(fn -> :rand.uniform(2 ** 58) end))}")\n' \
                 'IO.puts("shuffled " <> (1..100 |> Enum.shuffle() |> Enum.join(",")))\n' \
                 'Application.load(:ex_unit)\nIO.puts("tests #{ExUnit.configuration()[:seed]}")'  # fmt: skip
        self.assert_differ(source)

    def test_hooks_set_by_hooks_run_before_the_end(self):
        source = 'System.at_exit(fn code ->\n  IO.puts("first #{code}")\n  System.at_exit(fn _ -> IO.puts("second") end)\nend)\n' \
                 'System.at_exit(fn _ -> exit({:shutdown, 4}) end)\nIO.puts("body")'  # fmt: skip
        answer = self.run_status("error", source)
        self.assertEqual(("body\nfirst 4\nsecond\n", 4), (answer["stdout"], answer["exit_code"]))

    def test_what_was_written_last_comes_out_whole(self):
        source = 'require Logger\nLogger.error("logged")\nfor n <- 1..2000, do: IO.puts(:stderr, "#{n} " <> String.duplicate("x", 90))\n' \
                 'IO.write(String.duplicate("y", 400_000))'  # fmt: skip
        answer = self.run_ok(source)
        self.assertIn("[error] logged", answer["stdout"])
        self.assertEqual(400_000, answer["stdout"].count("y"))
        self.assertEqual([str(n) for n in range(1, 2001)], [line.split(" ")[0] for line in answer["stderr"].splitlines()])

    def test_a_program_that_asks_not_to_halt_goes_on(self):
        source = "System.no_halt(true)\nspawn(fn -> Process.sleep(100); IO.puts(1); System.halt(3) end)"
        self.assertEqual(("1\n", 3), (lambda a: (a["stdout"], a["exit_code"]))(self.run_status("error", source)))


# What a program can see of the runtime it runs in.
VISIBLE = r"""
named = Process.registered() |> Enum.sort()
tables = :ets.all() |> Enum.map(&:ets.info(&1, :name)) |> Enum.sort()
IO.inspect(named, label: "named", limit: :infinity)
IO.inspect(tables, label: "tables", limit: :infinity)
IO.inspect(length(Process.list()), label: "processes")
IO.inspect(length(Port.list()), label: "ports")
IO.inspect(Application.loaded_applications(), label: "loaded")
IO.inspect(Application.started_applications(), label: "started")
IO.inspect(for({app, _, _} <- Application.loaded_applications(), do: {app, Enum.sort(Application.get_all_env(app))}), label: "settings", limit: :infinity)
IO.inspect(Enum.sort(:ets.tab2list(:elixir_config)) |> List.keydelete(:at_exit, 0), label: "config", limit: :infinity)
IO.inspect(:logger.get_config(), label: "logger", limit: :infinity)
IO.inspect({Process.get() |> Keyword.keys() |> Enum.sort(), Process.info(self(), :trap_exit)}, label: "own")
IO.inspect({:code.get_path(), File.cwd!(), System.get_env(), System.argv(), Code.compiler_options()}, label: "places", limit: :infinity)
IO.inspect({:erlang.system_info(:schedulers), :erlang.system_info(:process_limit), :erlang.system_flag(:max_heap_size, 0)}, label: "limits")
IO.inspect(fn -> [for(x <- [1], do: x)] end)
for {module, file} <- :code.all_loaded(), is_list(file), not List.starts_with?(file, ~c"/"), module != Phial.Reseed, do: IO.inspect(module)
"""


class WarmElixir(Warm, Elixir):
    def test_a_program_sees_no_trace_of_the_warm_up(self):
        self.assertEqual(run("elixir", VISIBLE)["stdout"], self.run_ok(VISIBLE)["stdout"])


if __name__ == "__main__":
    unittest.main()
