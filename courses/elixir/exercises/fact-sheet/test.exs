defmodule FactSheetTest do
  use ExUnit.Case, async: true

  defmodule Otter do
    use FactSheet, name: "Otter", legs: 4
  end

  defmodule Teapot do
    use FactSheet, colour: :blue, litres: 1 + 0.5, owners: ["Ada", "Joe"]

    def describe, do: "a #{apply(__MODULE__, :colour, [])} teapot"
  end

  defmodule Nothing do
    use FactSheet, []
  end

  test "each fact is a function" do
    assert apply(Otter, :name, []) == "Otter"
    assert apply(Otter, :legs, []) == 4
  end

  test "all facts together" do
    assert Otter.facts() == [name: "Otter", legs: 4]
  end

  test "another module has other facts" do
    assert apply(Teapot, :colour, []) == :blue
    assert apply(Teapot, :owners, []) == ["Ada", "Joe"]
    refute function_exported?(Teapot, :legs, 0)
  end

  test "a fact may be an expression" do
    assert apply(Teapot, :litres, []) == 1.5
    assert Teapot.facts() == [colour: :blue, litres: 1.5, owners: ["Ada", "Joe"]]
  end

  test "the module itself can use its facts" do
    assert Teapot.describe() == "a blue teapot"
  end

  test "a module without facts" do
    assert Nothing.facts() == []
  end

  defmodule Planet do
    use FactSheet, rings?: true, moons: 146
  end

  test "nothing but the facts is added" do
    functions = Planet.__info__(:functions)
    assert Enum.sort(functions) == [facts: 0, moons: 0, rings?: 0]
    assert apply(Planet, :rings?, []) == true
  end
end
