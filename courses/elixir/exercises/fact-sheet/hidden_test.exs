defmodule FactSheetHiddenTest do
  use ExUnit.Case, async: true

  defmodule Planet do
    use FactSheet, rings?: true, moons: 146
  end

  test "nothing but the facts is added" do
    functions = Planet.__info__(:functions)
    assert Enum.sort(functions) == [facts: 0, moons: 0, rings?: 0]
    assert apply(Planet, :rings?, []) == true
  end
end
