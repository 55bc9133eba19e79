defmodule Postcard do
  @moduledoc "Reads postcards, a tuple each: `{:postcard, name, {street, city}}`."

  @doc "Says who lives in which city."
  def address(card) do
    {:postcard, name, {_, city}} = card
    "#{name} in #{city}"
  end
end
