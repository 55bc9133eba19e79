defprotocol Area do
  @doc "How much room a shape takes."
  @fallback_to_any true
  def of(shape)
end

defmodule Square do
  defstruct side: 1
end

defmodule Circle do
  @derive {Inspect, only: [:radius]}
  defstruct radius: 1, hidden: true
end

defimpl Area, for: Square do
  def of(%{side: side}), do: side * side
end
defimpl Area, for: [Tuple, List] do
  def of(_), do: @for
end
defimpl Area, for: Any do
  def of(_), do: :unknown
end
defimpl String.Chars, for: Square do
  def to_string(%{side: side}), do: "[#{side}]"
end
defimpl Enumerable, for: Square do
  def count(%{side: side}), do: {:ok, side}
  def member?(_, _), do: {:error, __MODULE__}
  def slice(_), do: {:error, __MODULE__}
  def reduce(%{side: side}, acc, fun), do: Enumerable.List.reduce(Enum.to_list(1..side), acc, fun)
end

defmodule Main do
  def run do
    IO.inspect(Area.of(%Square{side: 3}))
    IO.inspect(Area.of({1}))
    IO.inspect(Area.of([]))
    IO.inspect(Area.of(%Circle{}))
    IO.puts("square #{%Square{side: 4}}")
    IO.inspect(Enum.map(%Square{side: 3}, &(&1 * 2)))
    IO.inspect(%Circle{radius: 2})
    IO.inspect(Area.impl_for(%Square{}))
    IO.inspect(Protocol.consolidated?(Area))
    IO.inspect(try do to_string({1}) rescue e in Protocol.UndefinedError -> e.protocol end)
  end
end

Main.run()
