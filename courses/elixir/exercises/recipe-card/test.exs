defmodule RecipeCardTest do
  use ExUnit.Case, async: true

  test "250 grams for 4 are 375 grams for 6" do
    assert RecipeCard.scaler(4, 6).(250) == 375
  end

  test "one scaler serves the whole recipe" do
    for_two = RecipeCard.scaler(4, 2)
    assert for_two.(500) == 250
    assert for_two.(30) == 15
  end

  test "two scalers do not get in each other's way" do
    double = RecipeCard.scaler(1, 2)
    triple = RecipeCard.scaler(1, 3)
    assert double.(100) == 200
    assert triple.(100) == 300
  end

  test "the same number of people changes nothing" do
    assert RecipeCard.scaler(4, 4).(123) == 123
  end

  test "amounts are rounded to whole numbers, and only at the end" do
    assert RecipeCard.scaler(3, 7).(100) === 233
    assert RecipeCard.scaler(3, 8).(100) === 267
  end

  test "nothing stays nothing" do
    assert RecipeCard.scaler(2, 9).(0) == 0
  end
end
