defprotocol Weighable do
  @doc "The weight of a thing in grams."
  def grams(thing)
end

defmodule Apple do
  defstruct grams: 150
end

defmodule Crate do
  defstruct items: []
end

defimpl Weighable, for: Integer do
  def grams(_number), do: 0
end
