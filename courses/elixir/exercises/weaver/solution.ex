defmodule Weaver do
  @moduledoc "Weaves lists."

  @doc "Takes an element from each list in turn; what is left of one follows."
  def weave([], other), do: other
  def weave([head | tail], other), do: [head | weave(other, tail)]
end
