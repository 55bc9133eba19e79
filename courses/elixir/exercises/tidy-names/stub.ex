defmodule Form do
  def tidy(name) do
    name
    |> String.trim()
    |> String.capitalize()
  end
end
