defmodule Shelf do
  def longest([]), do: nil
  def longest(titles), do: Enum.max_by(titles, &String.length/1)

  def keep(list, fun), do: for(item <- list, fun.(item), do: item)

  def fold(list, initial, fun), do: List.foldl(list, initial, fun)

  def by_initial(titles), do: Enum.group_by(titles, &String.first/1)

  def numbers(n), do: Enum.to_list(1..n)

  def apply_all(functions, value), do: Enum.map(functions, & &1.(value))

  def adder(n), do: fn m -> n + m end

  def evens, do: Stream.iterate(0, &(&1 + 2))
end
