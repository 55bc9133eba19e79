defmodule Weaver do
  def weave([], other), do: other
  def weave(list, []), do: list
  def weave([a | _], [b | _]), do: [a, b]
end
