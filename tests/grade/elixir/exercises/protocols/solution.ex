defmodule Circle do
  defstruct [:radius]
  alias __MODULE__
  def unit, do: %Circle{radius: 1}
  defimpl Area, do: def(of(circle), do: circle.radius * circle.radius * 3)
end

defimpl Area, for: [Integer, List] do
  def of(n) when is_integer(n), do: n
  def of(list), do: Enum.sum(Enum.map(list, &Area.of/1))
end

defmodule Plane do
  @callback name() :: String.t()
  def total(shapes), do: shapes |> Enum.map(&Area.of/1) |> Enum.sum()
  def greet(module), do: "I am " <> module.name()
  def build(module, n), do: module.make(n)
end
