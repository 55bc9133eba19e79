defmodule Values do
  def id(value), do: value
  def wrap(value), do: [value, {value}, %{value => value}]
  def regex, do: ~r/(\d+)-(\w+)/iu
  def match(regex, text), do: Regex.run(regex, text)
  def dates, do: [~D[2024-02-29], ~T[12:00:00.5], ~N[2024-01-01 00:00:00], ~U[2024-01-01 00:00:00Z]]
  def sets, do: MapSet.new([1, 2, 2])
  def range, do: 1..10//3
  def capture, do: &String.upcase/1
  def deep(0), do: []
  def deep(n), do: [deep(n - 1)]
end
