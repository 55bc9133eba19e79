# What runs do, done before there is one (docs/languages.md, Warm templates): the first time costs what a copy then does
# not pay again. Each program goes the whole way of a run: parse, expand, compile or evaluate, load, print, end.

## Modules

for app <- [:ex_unit, :crypto], do: :ok = Application.load(app)
apps = [:kernel, :stdlib, :compiler, :elixir, :logger, :ex_unit, :crypto]
modules = for app <- apps, module <- Application.spec(app, :modules), do: module
# One after another: what the loader needs for a module is then used again for the next. Some need what is not there
# (a graphic debugger, a terminal).
Enum.each(modules, &:code.ensure_loaded/1)
# The harness's own for judging.
for file <- Path.wildcard("/phial/Elixir.Phial.Grade.*.beam"),
    do: file |> Path.rootname() |> to_charlist() |> :code.load_abs()

## Programs

small = ["IO.puts(1 + 1)", "1 + 1", ~S|x = 3; IO.puts("x is #{x}"); IO.inspect({:ok, [x, 2.5, ~c"c"], %{a: nil}})|]

collections = ~S'''
list = Enum.map(1..10, fn n -> n * n end)
IO.inspect(list |> Enum.filter(&(rem(&1, 2) == 0)) |> Enum.sum())
words = "the quick brown fox jumps over the lazy dog" |> String.split() |> Enum.map(&String.capitalize/1)
IO.puts(Enum.join(words, " "))
IO.inspect(Enum.group_by(words, &String.length/1))
IO.inspect(Enum.frequencies(String.graphemes("żółw 🐢")))
IO.inspect(for {word, n} <- Enum.with_index(words), n > 2, into: %{}, do: {word, n})
IO.inspect(Enum.sort_by(words, &String.reverse/1, :desc) |> Enum.zip(Stream.cycle([:a, :b])) |> Enum.take(3))
IO.inspect(Enum.reduce(1..5, 1, &*/2))
IO.inspect(Stream.iterate(1, &(&1 * 2)) |> Stream.take_while(&(&1 < 100)) |> Enum.to_list())
map = %{name: "Ada", born: 1815} |> Map.put(:field, "mathematics") |> Map.update!(:born, &(&1 + 1))
IO.inspect({Map.keys(map), Map.get(map, :none, :default), Map.new([a: 1], fn {k, v} -> {v, k} end)})
IO.inspect([Keyword.get([a: 1], :a), MapSet.new([1, 2, 2]), 1..3, ~r/a+b/i, ~D[2024-02-29], ~U[2024-01-01 00:00:00Z]])
IO.inspect(Regex.run(~r/(\w+)@(\w+)/u, "mail ada@example now"))
IO.inspect([Regex.scan(~r/\d+/, "1 22 333"), String.replace("a-b", "-", "+"), String.pad_leading("7", 3, "0")])
IO.inspect([String.to_integer("42"), Integer.to_string(255, 16), Float.round(3.14159, 2), div(7, 2), 2 ** 100])
case {:ok, 3} do
  {:ok, n} when n > 2 -> IO.puts("big")
  _ -> IO.puts("small")
end
with {:ok, a} <- Map.fetch(map, :name), true <- is_binary(a), do: IO.puts(a)
IO.inspect(:maps.size(map), label: "size")
IO.puts(:io_lib.format("~p ~s", [:term, "text"]))
<<a, rest::binary>> = "bytes"
IO.inspect({a, rest, <<1::4, 2::4>>, <<255>>}, pretty: true, width: 20)
IO.puts(~s"""
text of
  more lines #{inspect(self())}
""")
'''

modules = ~S'''
defmodule PhialWarmUp.Shape do
  @moduledoc "Documented."
  defstruct [:name, sides: 0]
  @type t :: %__MODULE__{name: String.t()}
  @doc "A doc."
  @spec area(t(), number) :: number
  def area(shape, by \\ 1)
  def area(%__MODULE__{sides: sides}, by) when sides > 0, do: sides * by
  def area(_, _), do: 0
  def sum([]), do: 0
  def sum([head | tail]), do: head + sum(tail)
  defp unused(x), do: x
  defmacro twice(expression), do: quote(do: {unquote(expression), unquote(expression)})
end

defprotocol PhialWarmUp.Size do
  @fallback_to_any true
  def size(value)
end

defimpl PhialWarmUp.Size, for: [BitString, List] do
  def size(value), do: value |> Enum.count()
end

defimpl PhialWarmUp.Size, for: Any do
  def size(_), do: 0
end

defimpl String.Chars, for: PhialWarmUp.Shape do
  def to_string(shape), do: "#{shape.name} with #{shape.sides} sides"
end

defmodule PhialWarmUp.Counter do
  use GenServer
  def start_link(n), do: GenServer.start_link(__MODULE__, n)
  @impl true
  def init(n), do: {:ok, n}
  @impl true
  def handle_call(:next, _from, n), do: {:reply, n, n + 1}
  @impl true
  def handle_cast({:add, m}, n), do: {:noreply, n + m}
end

defmodule PhialWarmUp.Fault do
  defexception message: "a fault"
end

defmodule PhialWarmUp.Main do
  require PhialWarmUp.Shape
  alias PhialWarmUp.{Counter, Shape}
  import Enum, only: [map: 2]

  def run do
    shape = %Shape{name: "square", sides: 4}
    IO.puts(shape)
    IO.inspect(%{shape | name: "other"})
    IO.inspect(Shape.area(shape, 2) + Shape.sum([1, 2, 3]))
    IO.inspect(Shape.twice(1 + 1))
    IO.inspect(PhialWarmUp.Size.size([1]))
    {:ok, counter} = Counter.start_link(1)
    GenServer.cast(counter, {:add, 2})
    IO.inspect(GenServer.call(counter, :next))
    GenServer.stop(counter)
    IO.inspect(map([1, 2], &(&1 + 1)))
    try do
      raise PhialWarmUp.Fault
    rescue
      fault in PhialWarmUp.Fault -> IO.puts(Exception.message(fault))
    after
      IO.puts("after")
    end
    try do
      throw(:ball)
    catch
      :throw, value -> IO.inspect(value)
    end
  end
end

PhialWarmUp.Main.run()
'''

processes = ~S'''
parent = self()
pid = spawn(fn -> receive do {from, x} -> send(from, x * 2) end end)
send(pid, {parent, 21})
receive do
  x -> IO.inspect(x)
after
  1000 -> IO.puts("late")
end
{:ok, agent} = Agent.start_link(fn -> %{} end)
Agent.update(agent, &Map.put(&1, :a, 1))
IO.inspect(Agent.get(agent, & &1))
Agent.stop(agent)
IO.inspect(Task.await(Task.async(fn -> 1 + 1 end)))
IO.inspect(1..5 |> Task.async_stream(&(&1 * 2)) |> Enum.map(fn {:ok, n} -> n end))
ref = Process.monitor(spawn(fn -> exit(:reason) end))
receive do {:DOWN, ^ref, _, _, reason} -> IO.inspect(reason) end
table = :ets.new(:phial_warm_up, [:set])
:ets.insert(table, {:k, 1})
:ets.delete(table)
Process.sleep(2)
IO.inspect({:rand.uniform(10), Enum.random(1..3), Enum.shuffle([1, 2]), System.unique_integer(), make_ref()})
IO.inspect({byte_size(:crypto.strong_rand_bytes(8)), Base.encode16(:crypto.hash(:sha256, "x"))})
IO.inspect(DateTime.utc_now().year + Date.utc_today().year)
IO.inspect(File.read("/phial/none"))
IO.inspect(System.get_env("HOME"))
IO.inspect(:timer.tc(fn -> 1 end) |> elem(1))
IO.inspect(Code.eval_string("1 + x", x: 2))
'''

faults = [
  "defmodule PhialWarmUp.Deep do\n  def run(x), do: 1 + other(x)\n  defp other(x), do: String.length(x)\nend\nPhialWarmUp.Deep.run(3)",
  "raise \"boom\"",
  "1 / 0",
  "x = 1\n{:ok, y} = {:error, \"no\"}",
  "IO.puts(undefined)",
  "Enum.map([1], fn :a -> 1 end)",
  "IO.puts(\"x\"",
  "unused = 1\nString.no_such(1)",
  "exit(:stop)"
]

tests = ~S'''
ExUnit.start(seed: 0)

defmodule PhialWarmUp.Stack do
  def new, do: []
  def push(stack, x), do: [x | stack]
  def pop([x | stack]), do: {x, stack}
end

defmodule PhialWarmUp.StackTest do
  use ExUnit.Case, async: true
  alias PhialWarmUp.Stack
  setup do: {:ok, stack: Stack.new()}
  setup_all do: :ok
  describe "push" do
    @tag :some
    test "puts on top", %{stack: stack} do
      assert Stack.push(stack, 1) == [1]
      assert [_ | _] = Stack.push(stack, 1)
    end
  end
  test "pops", do: assert(Stack.pop([1, 2]) == {1, [2]})
  test "refuses", do: assert_raise(FunctionClauseError, fn -> Stack.pop([]) end)
  test "hears" do
    send(self(), :message)
    assert_receive :message
    refute Process.alive?(spawn(fn -> :ok end) |> tap(fn _ -> Process.sleep(1) end))
  end
  test "fails to compare", do: assert(Stack.push([%{a: "text"}], 2) == [2, %{a: "other"}])
  test "fails to match", do: assert({:ok, _} = Stack.pop([1]))
  test "raises", do: raise("boom")
  test "is true", do: assert(Stack.new() == [], "not empty")
end
'''

for source <- [collections, modules, processes, tests | faults], do: Phial.Template.rehearse(source)
for source <- [collections, modules], do: Phial.Template.rehearse(source, true)
# What most runs are like comes last.
for _ <- 1..3, source <- small, trace? <- [true, false], do: Phial.Template.rehearse(source, trace?)

## As it was

:ok = Application.stop(:ex_unit)
for app <- [:ex_unit, :crypto], do: :ok = Application.unload(app)
