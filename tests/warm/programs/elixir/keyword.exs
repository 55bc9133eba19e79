options = [size: 1, color: :red, size: 2]
IO.inspect(Keyword.get(options, :size))
IO.inspect(Keyword.get_values(options, :size))
IO.inspect(Keyword.delete_first(options, :size))
IO.inspect(Keyword.merge(options, color: :blue))
IO.inspect(Keyword.validate([color: 1], color: 0, size: 10))
IO.inspect(Keyword.validate([colour: 1], color: 0))
IO.inspect(Keyword.pop(options, :size, 0))
IO.inspect(Keyword.keyword?([{:a, 1}, {"b", 2}]))
IO.inspect(Keyword.split(options, [:color]))
IO.inspect(Keyword.new([:a, :b], fn key -> {key, to_string(key)} end))
{value, rest} = Keyword.pop!(options, :color)
IO.inspect({value, rest})
try do
  Keyword.fetch!(options, :shape)
rescue
  e in KeyError -> IO.puts(Exception.message(e))
end
