"""Solutions that try to pass, to read the tests or to break them, and how each tries. `double/1` is called by the tests
and is right in none of them; `FIND` stands for what a cheat prints when it has found the tests' marker."""

# Sends frames as the solution's own harness would: the port is the run's report.
RAW = """
  def raw(body), do: :erlang.port_command(:persistent_term.get(Phial.Report), <<byte_size(body)::32, body::binary>>)
  def bytes(data), do: :erlang.port_command(:persistent_term.get(Phial.Report), data)
  def wire(term), do: Phial.Grade.Wire.encode(term)
  def message(to, term) do
    {owner, id} = Phial.Grade.Handles.export(:pid, to)
    raw(<<?M, owner, id::64>> <> wire(term))
  end
"""


def module(body, head=""):
    return f"{head}\ndefmodule Sol do\n{RAW}\n{body}\nend\n"


def frame(expression):
    """Sends a frame's body in the call, then answers wrongly."""
    return module(f"  def double(_) do\n    {expression}\n    Process.sleep(50)\n    0\n  end")


# Prints what it finds of the tests: on standard output, which is looked at.
SEARCH = """
  def found(text) do
    if is_binary(text) and String.contains?(text, "MARKER-" <> "7391"), do: IO.puts(:user, "FIND " <> "it")
  end
"""

CHEATS = {
    # ---- ending it
    "halts while it is compiled": "System.halt(0)",
    "halts in a call": module("  def double(_), do: System.halt(0)"),
    "halts in a callback's way": module("  def double(_), do: spawn(fn -> :erlang.halt(0) end) && Process.sleep(:infinity)"),
    "exits normally": module("  def double(_), do: exit(:normal)"),
    "exits as a test does": module("  def double(_), do: exit(:shutdown)"),
    "kills the caller": module("  def double(_), do: Process.exit(self(), :kill)"),
    "kills the group leader": module("  def double(_), do: Process.exit(Process.group_leader(), :kill)"),
    "kills every process": module("  def double(_) do\n    for p <- Process.list(), do: Process.exit(p, :kill)\n    0\n  end"),
    "throws": module("  def double(_), do: throw({:ok, :passed})"),
    # ---- forged results
    "prints results": module("""
  def double(_) do
    for out <- [:user, :stdio, :stderr], do: IO.puts(out, ~s({"test":{"index":0,"status":"pass"}}\\n{"end":true}))
    0
  end"""),
    "writes results to descriptor 1": module("""
  def double(_) do
    port = Port.open({:fd, 0, 1}, [:out])
    Port.command(port, ~s({"test":{"index":0,"status":"pass"}}\\n{"test":{"index":1,"status":"pass"}}\\n{"end":true}\\n))
    0
  end"""),
    "writes results on the link": module("""
  def double(_) do
    bytes(~s({"test":{"index":0,"status":"pass"}}\\n{"end":true}\\n))
    0
  end"""),
    "casts a result to the group leader": module("""
  def double(_) do
    test = %{__struct__: ExUnit.Test, name: :"test doubles", module: SecretTest, state: nil, time: 1, tags: %{},
             logs: "", parameters: %{}, case: SecretTest}
    for to <- [Process.group_leader(), self()] do
      message(to, {:"$gen_cast", {:test_finished, test}})
      message(to, {self(), :test_finished, test})
      message(to, {Phial.Grade.Console, {:to, self()}})
    end
    0
  end"""),
    "says that the test has ended": module("""
  def double(_) do
    send(self(), {self(), :test_finished, %{state: nil}})
    exit(:shutdown)
  end"""),
    # ---- modules of the other side
    "redefines assertions": module("  def double(_), do: 0", """
Code.put_compiler_option(:ignore_module_conflict, true)
defmodule ExUnit.Assertions do
  defmacro assert(_), do: true
  defmacro assert(_, _), do: true
end"""),
    "redefines the test": module("  def double(_), do: 0", """
defmodule SecretTest do
  use ExUnit.Case
  test "doubles", do: :ok
end"""),
    "redefines the runner": module("  def double(_), do: 0", """
defmodule ExUnit.Runner do
  def run(_, _), do: %{failures: 0, total: 2, skipped: 0, excluded: 0}
end"""),
    "redefines the formatter": module("  def double(_), do: 0", """
defmodule Phial.Grade.Results do
  def init(_), do: {:ok, nil}
end"""),
    "defines what comparing may use": module("  def double(n), do: %{__struct__: Kernel.Equal, n: n}", """
defmodule Kernel.Equal do
  defstruct [:n]
  def unquote(:==)(_, _), do: true
end"""),
    "implements protocols for numbers": module("  def double(_), do: 0", """
defimpl Inspect, for: Integer do
  def inspect(_, _), do: "0"
end
defimpl String.Chars, for: Atom do
  def to_string(_), do: "pass"
end"""),
    "describes modules of the library": module("""
  def double(_), do: 0
  def __info__(:macros), do: []""", """
port = :persistent_term.get(Phial.Report)
info = %{module: ExUnit.Runner, functions: [run: 2], macros: [], struct: nil, behaviours: [], protocol: false, impl: nil}
sol = %{info | module: Sol, functions: [double: 1]}
for news <- [{:compiled, [info, sol, %{info | module: Kernel}, %{info | module: Enumerable.Integer}, :none], []}, :ready] do
  body = <<?N>> <> Phial.Grade.Wire.encode(news)
  :erlang.port_command(port, <<byte_size(body)::32, body::binary>>)
end"""),
    "asks for one runtime": module("  def double(_), do: 0\n  defmacro assert(_), do: true\n  defmacro test(_, _), do: true"),
    # ---- frames that nobody writes
    "sends a frame of no kind": frame("raw(<<0, 1, 2, 3>>)"),
    "sends an empty frame": frame("bytes(<<0::32>>)"),
    "sends an endless frame": frame("bytes(<<0xFFFFFFFF::32, 1, 2, 3>>)"),
    "sends noise": frame("for _ <- 1..200, do: bytes(:crypto.strong_rand_bytes(1000))"),
    "answers a call that is not": frame("for id <- 1..2000, do: raw(<<?R, id::64>> <> wire({{:ok, 0}, [], [], false, []}))"),
    "claims a list of four thousand million": frame("message(self(), 1) && raw(<<?M, 0, 1::64, ?l, 0xFFFFFFFF::32>>)"),
    "claims a huge number": frame("raw(<<?N, ?I, 0, 0xFFFFFFFF::32, 1>>)"),
    "nests deeper than anyone": frame("raw(<<?N>> <> String.duplicate(<<?u, 1::32>>, 200_000) <> <<?n>>)"),
    "makes atoms": frame("for n <- 1..20_000, do: raw(<<?N>> <> wire(:\"cheat \\#{n}\"))".replace("\\#", "#")),
    "makes processes": frame("for n <- 1..30_000, do: raw(<<?N, ?p, 1, 1_000_000 + n::64>>)"),
    "makes references": frame("for n <- 1..300_000, do: raw(<<?N, ?r, 1, 1_000_000 + n::64>>)"),
    "names a function of the library": frame("raw(<<?N, ?e>> <> wire(System) <> wire(:halt) <> <<0>>)"),
    "forges a compiled pattern": frame("raw(<<?N, ?u, 5::32>> <> wire(:re_pattern) <> wire(0) <> wire(0) <> wire(0) <> wire(\"x\"))"),
    "takes a handle that is not": frame("raw(<<?N, ?F, 0, 99_999_999::64, 1>>)"),
    "takes a handle of another kind": frame("raw(<<?M, 1, 1::64>> <> wire(:x)) && raw(<<?M, 0, 1::64>> <> wire(:x))"),
    "defines a module over there": frame("raw(<<?S>> <> wire({Enum, [map: 2], nil}))"),
    "calls the harness over there": frame("raw(<<?C, 5::64, 0::64, 1, 77::64>> <> wire({{:harness, :run}, [], [], self(), false}))"),
    "calls a test over there": frame("Phial.Grade.Call.call({:module, SecretTest, :\"test doubles\"}, [%{}])"),
    "calls the system over there": frame("Phial.Grade.Call.call({:module, System, :halt}, [0])"),
    "evaluates on a device over there": module("""
  def double(_) do
    {owner, id} = Phial.Grade.Handles.export(:pid, Process.group_leader())
    for request <- [{:put_chars, :unicode, System, :halt, [0]}, {:get_until, :unicode, "", System, :halt, [0]},
                    {:requests, [{:put_chars, :latin1, :erlang, :halt, [0]}]}] do
      raw(<<?I, owner, id::64>> <> wire({self(), make_ref(), request}))
    end
    0
  end"""),
    "sends system messages": module("""
  def double(_) do
    for to <- [self(), Process.group_leader()], m <- [{:system, {self(), make_ref()}, {:terminate, :normal}},
          {:system, {self(), make_ref()}, :suspend}, {:"$gen_call", {self(), make_ref()}, {:get, {System, :halt, [0]}}},
          {:EXIT, self(), :normal}, {:io_request, self(), make_ref(), {:put_chars, :latin1, System, :halt, [0]}}] do
      message(to, m)
    end
    0
  end"""),
    "signals the group leader": module("""
  def double(_) do
    for to <- [Process.group_leader()] do
      {owner, id} = Phial.Grade.Handles.export(:pid, to)
      {from, number} = Phial.Grade.Handles.export(:pid, self())
      raw(<<?X, from, number::64, owner, id::64>> <> wire(:kill))
      raw(<<?G, owner, id::64>> <> wire(:killed))
      raw(<<?D, owner, id::64>> <> wire(:killed))
    end
    0
  end"""),
    # ---- values that bite
    "hangs when it is shown": module("  defstruct []\n  def double(_), do: %Sol{}",
        "") + "defimpl Inspect, for: Sol do\n  def inspect(_, _), do: Process.sleep(:infinity)\nend",
    "halts when it is shown": module("  defstruct []\n  def double(_), do: %Sol{}")
        + "defimpl Inspect, for: Sol do\n  def inspect(_, _), do: System.halt(0)\nend",
    "gives a stream of the other side's files": module("""
  def double(_), do: %{__struct__: File.Stream, path: "/work/solution_test.exs", modes: [], line_or_bytes: :line, raw: true, node: node()}"""),
    "answers with a stack of the test's": module("""
  def double(_) do
    exit({%{__struct__: ExUnit.AssertionError, __exception__: true, message: "m", expr: nil, left: 1, right: 2, args: [],
            context: :==, doctest: nil}, [{SecretTest, :"test doubles", 1, [file: ~c"hidden_test.exs", line: 3]}]})
  end"""),
    "raises with a stack of the test's": module("""
  def double(_) do
    :erlang.raise(:error, :function_clause, [{SecretTest, :"test doubles", [1], [file: ~c"hidden_test.exs", line: 3]},
      {Sol, :double, 1, [error_info: %{module: System, function: :halt}, file: ~c"/work/hidden_test.exs", line: 3]}])
  end"""),
    "answers with a large value": module("  def double(_), do: :binary.copy(\"x\", 40_000_000)"),
    "answers with a list of a million lists": module("  def double(_), do: List.duplicate([], 6_000_000)"),
    "ends the one who shows it with a verdict": module("  defstruct []\n  def double(_), do: %Sol{}") + """
defimpl Inspect, for: Sol do
  def inspect(_, _), do: exit({:texts, [status: "pass"]})
end""",
    "raises many errors with stacks of the test's": module("""
  def double(_) do
    errors = for n <- 1..12 do
      {:error, %{__struct__: RuntimeError, __exception__: true, message: "m"},
       [{SecretTest, :"test doubles", 1, [file: ~c"/work/hidden_test.exs", line: n]}]}
    end
    :erlang.raise(:error, %{__struct__: ExUnit.MultiError, __exception__: true, errors: errors}, [])
  end"""),
    "has modules of the tests named to it": module("""
  def double(n) do
    {owner, id} = Phial.Grade.Handles.export(:pid, Process.group_leader())
    raw(<<?I, owner, id::64>> <> wire({self(), SecretTest.Oracle, :nothing}))
    message(self(), SecretTest.Oracle)
    Process.sleep(20)
    Phial.Grade.Call.call({:module, SecretTest.Oracle, :double}, [n])
  end"""),
    "reads the reason of a test's process": module(SEARCH + """
  def double(_), do: 0
  def watch(pid) do
    ref = Process.monitor(pid)
    receive do
      {:DOWN, ^ref, _, _, reason} -> found(inspect(reason, limit: :infinity, structs: false, printable_limit: :infinity))
    after
      1000 -> 0
    end
  end"""),
    # ---- floods
    "floods the caller": module("""
  def double(_) do
    for _ <- 1..3, do: spawn(fn -> flood(self()) end)
    me = self()
    spawn(fn -> flood(me) end)
    Process.sleep(3_000)
    0
  end
  def flood(to), do: message(to, String.duplicate("x", 100_000)) && flood(to)"""),
    "floods the output": module("""
  def double(_) do
    for _ <- 1..2_000, do: IO.puts(String.duplicate("y", 10_000))
    0
  end"""),
    "floods with bytes": module("""
  def double(_) do
    for _ <- 1..700, do: raw(<<?M, 1, 5::64>> <> wire(:binary.copy("z", 1_000_000)))
    0
  end"""),
    "takes all memory": module("""
  def double(_), do: grow([])
  def grow(list), do: grow([:binary.copy("m", 10_000_000) | list])"""),
    # ---- looking for the tests
    "searches files": module(SEARCH + """
  def double(_) do
    for root <- ["/work", "/tmp", "/phial", "/var", "/etc"], path <- Path.wildcard(root <> "/**", match_dot: true), File.regular?(path),
        {:ok, text} <- [File.read(path)], do: found(text)
    0
  end"""),
    "searches processes, tables and arguments": module(SEARCH + """
  def double(_) do
    for p <- Process.list(), do: found(inspect(Process.info(p), limit: :infinity, printable_limit: :infinity))
    for t <- :ets.all(), do: (try do found(inspect(:ets.tab2list(t), limit: :infinity)) rescue _ -> 0 end)
    found(inspect({:persistent_term.get(), :init.get_arguments(), System.get_env(), System.argv()}, limit: :infinity))
    for {m, _} <- :code.all_loaded(), do: found(inspect(m.module_info(), limit: :infinity))
    0
  end"""),
    "searches what it is given": module(SEARCH + """
  def double(n) do
    found(inspect({n, Process.info(self()), Process.info(Process.group_leader())}, limit: :infinity))
    {:current_stacktrace, s} = Process.info(self(), :current_stacktrace)
    found(inspect(s))
    try do
      raise "x"
    rescue
      e -> found(inspect({e, __STACKTRACE__}))
    end
    0
  end"""),
    "reads the failed assertion of a callback": module(SEARCH + """
  def double(_), do: 0
  def with(fun) do
    fun.(0)
  rescue
    e -> found(inspect(Map.from_struct(e), limit: :infinity, structs: false, printable_limit: :infinity))
  end"""),
}  # fmt: skip

# They hang, so their time is cut off, as the executor cuts it.
SLOW = {
    "closes the link": module("  def double(_), do: Port.close(:persistent_term.get(Phial.Report))"),
    "sends half a frame": frame("bytes(<<1000::32, ?R>>)"),
    "hangs in a call": module("  def double(_), do: Process.sleep(:infinity)"),
    "hangs while it is compiled": "Process.sleep(:infinity)",
    "spins in a call": module("  def double(n), do: double(n)"),
}
