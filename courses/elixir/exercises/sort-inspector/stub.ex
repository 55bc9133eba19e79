defmodule SortInspector do
  def inspect_sort(sort) do
    # One list is not many.
    if sort.([2, 1]) == [1, 2], do: :ok, else: {:broken, [2, 1]}
  end
end
