defmodule Typed do
  def add(a) when is_integer(a), do: a + 1
  def wrong, do: add("text")
  def compare, do: if(1 == "1", do: :same, else: :other)
end

IO.inspect(Typed.compare())
