defmodule Greeting do
  def hello(name), do: "Hello, #{name}!"
end
