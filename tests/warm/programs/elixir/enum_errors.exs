# What Enum says of bad input.
attempt = fn f ->
  try do
    IO.inspect(f.())
  rescue
    e -> IO.puts("#{inspect(e.__struct__)}: #{Exception.message(e)}")
  end
end

attempt.(fn -> Enum.min([]) end)
attempt.(fn -> Enum.fetch!([1, 2], 7) end)
attempt.(fn -> Enum.map(5, & &1) end)
attempt.(fn -> Enum.reduce([], fn a, b -> a + b end) end)
attempt.(fn -> Enum.random([]) end)
attempt.(fn -> Enum.chunk_every([1], 0) end)
