defmodule RecipeCard do
  def scaler(_from, _to) do
    fn amount -> amount end
  end
end
