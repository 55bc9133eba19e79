defmodule SortInspector do
  @moduledoc """
  Finds out whether a function sorts, without sorting anything itself.

  A result is right if it is in order and has the same elements as before, each as often.
  """

  @special [[], [1], [1, 2], [2, 1], [3, 3, 1], [0, -1, 5, -7], [5, 4, 3, 2, 1], [2, 2, 2]]

  @doc "Returns `:ok`, or `{:broken, list}` with a list that is not sorted as it should be."
  def inspect_sort(sort) do
    case Enum.find(lists(), &broken_for?(sort, &1)) do
      nil -> :ok
      list -> {:broken, list}
    end
  end

  # Long lists without any order, but the same ones each time.
  defp lists do
    scattered = for size <- [10, 33, 100], do: for(n <- 1..size, do: rem(n * 37, 41) - 20)
    @special ++ scattered
  end

  defp broken_for?(sort, list) do
    sorted = sort.(list)
    not (in_order?(sorted) and Enum.frequencies(sorted) == Enum.frequencies(list))
  rescue
    _error -> true
  end

  defp in_order?(list) do
    list
    |> Enum.zip(Enum.drop(list, 1))
    |> Enum.all?(fn {left, right} -> left <= right end)
  end
end
