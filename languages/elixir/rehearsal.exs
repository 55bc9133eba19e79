# A program as most are (docs/languages.md, Warm templates): what it writes to is what runs will write to.
defmodule Greeting do
  def hello(name), do: "Hello, #{name}!"
end

IO.puts(Greeting.hello("world"))
IO.inspect(Enum.map(1..3, &(&1 * &1)))
