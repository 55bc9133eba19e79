IO.inspect(Stream.iterate(1, &(&1 * 2)) |> Enum.take(10))
IO.inspect(Stream.unfold({0, 1}, fn {a, b} -> {a, {b, a + b}} end) |> Enum.take(12))
IO.inspect(1..3 |> Stream.cycle() |> Stream.drop(2) |> Enum.take(5))
IO.inspect(Stream.zip([1..3, [:a, :b, :c]]) |> Enum.to_list())
IO.inspect(Stream.transform(1..5, 0, fn x, sum -> {[sum + x], sum + x} end) |> Enum.to_list())
IO.inspect(Stream.chunk_while(1..7, [], fn x, acc ->
  if rem(x, 3) == 0, do: {:cont, Enum.reverse([x | acc]), []}, else: {:cont, [x | acc]}
end, fn acc -> {:cont, Enum.reverse(acc), []} end) |> Enum.to_list())
resource = Stream.resource(fn -> IO.puts("open"); 3 end,
  fn 0 -> {:halt, 0}; n -> {[n], n - 1} end, fn _ -> IO.puts("close") end)
IO.inspect(Enum.to_list(resource))
IO.inspect(Stream.interval(2) |> Enum.take(4))
IO.inspect(Stream.timer(3) |> Enum.to_list())
IO.inspect(1..10 |> Stream.filter(&(rem(&1, 2) == 0)) |> Stream.map(&(&1 * 3)))
IO.inspect(Stream.dedup([1, 1, 2]) |> Stream.with_index() |> Enum.to_list())
