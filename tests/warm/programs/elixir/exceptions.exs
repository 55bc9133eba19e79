defmodule Odd do
  defexception [:number]
  @impl true
  def message(%{number: n}), do: "#{n} is odd"
end

check = fn n -> if rem(n, 2) == 1, do: raise(Odd, number: n), else: n end
IO.inspect(try do check.(3) rescue e in Odd -> Exception.message(e) end)
result = try do
  check.(4)
rescue
  Odd -> :odd
else
  n -> {:even, n}
after
  IO.puts("after")
end
IO.inspect(result)
IO.inspect(try do throw({:a, 1}) catch {:a, n} -> n end)
IO.inspect(try do exit(:bye) catch :exit, reason -> reason end)
IO.inspect(try do 1 / 0 rescue e -> e end)
IO.inspect(try do String.to_integer("x") rescue e -> Exception.message(e) end)
IO.inspect(try do apply(Nothing, :at_all, []) rescue e -> Exception.message(e) end)
IO.inspect(try do hd([]) rescue e -> e.__struct__ end)
f = fn 1 -> :one end
IO.inspect(try do f.(2) rescue e in FunctionClauseError -> Exception.message(e) end)
IO.inspect(try do raise "text" rescue e in RuntimeError -> e end)
IO.puts(Exception.format(:error, %ArgumentError{message: "formatted"}))
IO.puts(Exception.format_banner(:throw, :ball))
with {:ok, a} <- {:ok, 1}, {:error, _} <- {:ok, a} do
  :no
else
  {:ok, n} -> IO.inspect({:fell_through, n})
end
