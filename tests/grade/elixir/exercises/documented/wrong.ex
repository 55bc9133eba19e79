defmodule Documented do
  def hello(name), do: "hello " <> name
  def hidden, do: :ok
  def old(x, y \\ 1), do: x + y
end
