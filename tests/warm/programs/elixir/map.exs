m = %{"one" => 1, "two" => 2}
IO.inspect(Map.put_new(m, "three", 3))
IO.inspect(Map.update(m, "one", 0, &(&1 * 10)))
IO.inspect(Map.split(m, ["one"]))
IO.inspect(Map.merge(m, %{"two" => 20}, fn _key, a, b -> a + b end))
IO.inspect(Map.pop(m, "one"))
IO.inspect(Map.get_and_update(m, "one", fn value -> {value, 11} end))
IO.inspect(Map.new([1, 2, 3], fn n -> {n, n * n} end))
IO.inspect(Map.filter(%{1 => 2, 3 => 4}, fn {key, value} -> key + value > 4 end))
IO.inspect(Map.intersect(%{1 => :a, 2 => :b}, %{2 => :c}))
IO.inspect(put_in(%{1 => %{2 => 3}}, [1, 2], :new))
IO.inspect(get_in(%{1 => [%{2 => :x}]}, [1, Access.at(0), 2]))
big = Map.new(1..100, &{&1, &1 * 2})
IO.inspect(map_size(big))
IO.inspect(big |> Map.keys() |> Enum.sum())
IO.inspect(Map.fetch(big, 101))
try do
  Map.fetch!(%{1 => 2}, 9)
rescue
  e in KeyError -> IO.puts(Exception.message(e))
end
