defprotocol Weighable do
  @moduledoc "Things that can be put on the scales."

  @doc "The weight of a thing in grams."
  def grams(thing)
end

defmodule Apple do
  @moduledoc "An apple with its weight."
  defstruct grams: 150
end

defmodule Crate do
  @moduledoc "A crate that holds other things, crates too."
  defstruct items: []
end

defimpl Weighable, for: Integer do
  def grams(number), do: number
end

defimpl Weighable, for: List do
  def grams(things), do: things |> Enum.map(&Weighable.grams/1) |> Enum.sum()
end

defimpl Weighable, for: Apple do
  def grams(apple), do: apple.grams
end

defimpl Weighable, for: Crate do
  @empty_crate 400

  def grams(crate), do: @empty_crate + Weighable.grams(crate.items)
end
