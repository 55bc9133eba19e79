defmodule Shelf do
  def longest(titles), do: List.first(titles)
  def keep(list, fun), do: Enum.reject(list, fun)
  def fold(list, initial, fun), do: List.foldr(list, initial, fun)
  def by_initial(titles), do: Enum.group_by(titles, &String.last/1)
  def numbers(n), do: Enum.to_list(0..n)
  def apply_all(functions, value), do: Enum.map(functions, & &1.(value + 1))
  def adder(n), do: fn m -> n - m end
  def evens, do: Stream.iterate(1, &(&1 + 2))
end
