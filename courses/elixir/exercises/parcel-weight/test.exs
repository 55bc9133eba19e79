defmodule ParcelWeightTest do
  use ExUnit.Case, async: true

  test "a number is its own weight" do
    assert Weighable.grams(25) == 25
  end

  test "an apple" do
    assert Weighable.grams(%Apple{}) == 150
    assert Weighable.grams(%Apple{grams: 180}) == 180
  end

  test "a list weighs as much as what is in it" do
    assert Weighable.grams([%Apple{}, 10, %Apple{grams: 200}]) == 360
    assert Weighable.grams([]) == 0
  end

  test "lists within lists" do
    assert Weighable.grams([[1, 2], [[3]], []]) == 6
  end

  test "an empty crate" do
    assert Weighable.grams(%Crate{}) == 400
  end

  test "a crate with crates in it" do
    inner = %Crate{items: [%Apple{}, %Apple{}]}
    assert Weighable.grams(inner) == 700
    assert Weighable.grams(%Crate{items: [inner, inner, 50]}) == 1850
  end

  test "what has no weight is refused" do
    assert_raise Protocol.UndefinedError, fn -> Weighable.grams(:nothing) end
  end
end
