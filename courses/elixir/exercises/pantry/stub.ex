defmodule Pantry do
  def missing(pantry, recipe) do
    Map.drop(recipe, Map.keys(pantry))
  end

  def cook(pantry, recipe) do
    {:ok, Map.drop(pantry, Map.keys(recipe))}
  end
end
