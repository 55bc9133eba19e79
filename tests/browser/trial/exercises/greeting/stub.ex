defmodule Greeting do
  def hello(name) do
    name
  end
end
