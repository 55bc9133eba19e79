defmodule Postcard do
  def address(card) do
    name = card
    "#{inspect(name)} in a city"
  end
end
