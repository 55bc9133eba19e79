defmodule Factory do
  def person(name), do: %{name: name, tool: Tool.new(name)}
end
