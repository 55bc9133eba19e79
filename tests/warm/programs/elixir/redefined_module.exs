defmodule Again do
  def f, do: 1
end
IO.inspect(Again.f())
defmodule Again do
  def f, do: 2
end
IO.inspect(Again.f())
