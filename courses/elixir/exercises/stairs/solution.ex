defmodule Stairs do
  @moduledoc "Climbing stairs, by one step or by two."

  @doc "In how many ways the top can be reached."
  def ways(steps) when steps >= 0, do: ways(steps, 1, 1)

  # `this` and `next`: the ways to the step that we have reached, and to the one above it.
  defp ways(0, this, _next), do: this
  defp ways(steps, this, next), do: ways(steps - 1, next, this + next)
end
