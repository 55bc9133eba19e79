defmodule Pantry do
  @moduledoc "A pantry and its recipes. Both are maps from names to amounts."

  @doc "What has to be bought before the recipe can be cooked."
  def missing(pantry, recipe) do
    needed = Map.new(recipe, fn {name, amount} -> {name, amount - Map.get(pantry, name, 0)} end)
    Map.filter(needed, fn {_name, amount} -> amount > 0 end)
  end

  @doc "The pantry after cooking, or what is missing."
  def cook(pantry, recipe), do: cook(pantry, recipe, missing(pantry, recipe))

  defp cook(pantry, recipe, missing) when missing == %{} do
    left = Map.merge(pantry, recipe, fn _name, have, need -> have - need end)
    {:ok, Map.reject(left, fn {_name, amount} -> amount == 0 end)}
  end

  defp cook(_pantry, _recipe, missing), do: {:error, missing}
end
