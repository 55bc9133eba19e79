# test: {"status": "error"}
defmodule Deep do
  def one(n), do: [two(n)]
  def two(n), do: {three(n), n}
  def three(n), do: Enum.map([n], fn x -> String.to_integer(x) + 1 end)
end

IO.puts("before")
Deep.one("not a number")
IO.puts("never")
