defmodule Podium do
  @moduledoc "Who stands on the podium after a race."

  @doc "The names of the three best of a list of `{name, points}`, the winner first."
  def best(results) do
    sorted = Enum.sort_by(results, fn {name, points} -> {-points, name} end)
    Enum.map(Enum.take(sorted, 3), fn {name, _points} -> name end)
  end
end
