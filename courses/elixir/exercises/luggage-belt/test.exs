defmodule LuggageTest do
  use ExUnit.Case, async: true

  test "four suitcases, two cars" do
    assert Luggage.load([12, 9, 20, 5], 25) == [[12, 9], [20, 5]]
  end

  test "all fit into one car" do
    assert Luggage.load([1, 2, 3], 100) == [[1, 2, 3]]
  end

  test "a car may be exactly full" do
    assert Luggage.load([10, 15, 25], 25) == [[10, 15], [25]]
  end

  test "heavy suitcases travel alone" do
    assert Luggage.load([20, 20, 20], 25) == [[20], [20], [20]]
  end

  test "the order stays, even if another one would pack better" do
    assert Luggage.load([5, 24, 5], 25) == [[5], [24], [5]]
  end

  test "no suitcases, no cars" do
    assert Luggage.load([], 25) == []
  end

  test "a single suitcase" do
    assert Luggage.load([7], 25) == [[7]]
  end
end
