defmodule RecipeCard do
  @moduledoc "Recipes for more guests, or for fewer."

  @doc "A function that turns an amount for `from` people into one for `to` people."
  def scaler(from, to) do
    fn amount -> round(amount * to / from) end
  end
end
