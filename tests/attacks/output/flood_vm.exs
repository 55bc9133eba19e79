# attack: writes output without end from many processes of the Elixir VM
# expect: status=output_limit truncated=stdout
# limits: output_bytes=100000
# host: never
for _ <- 1..50, do: spawn(fn -> Stream.cycle([1]) |> Enum.each(fn _ -> IO.puts(String.duplicate("z", 1000)) end) end)
Process.sleep(:infinity)
