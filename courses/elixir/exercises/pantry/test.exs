defmodule PantryTest do
  use ExUnit.Case, async: true

  defp pantry, do: %{"flour" => 500, "eggs" => 2, "milk" => 300}

  test "nothing is missing" do
    assert Pantry.missing(pantry(), %{"flour" => 200, "eggs" => 2}) == %{}
  end

  test "some of it is missing" do
    assert Pantry.missing(pantry(), %{"eggs" => 6, "flour" => 1}) == %{"eggs" => 4}
  end

  test "all of it is missing" do
    assert Pantry.missing(pantry(), %{"sugar" => 80}) == %{"sugar" => 80}
    assert Pantry.missing(%{}, pantry()) == pantry()
  end

  test "cooking uses things up" do
    assert Pantry.cook(pantry(), %{"flour" => 200, "eggs" => 1}) ==
             {:ok, %{"flour" => 300, "eggs" => 1, "milk" => 300}}
  end

  test "what is used up is no longer in the pantry" do
    assert Pantry.cook(pantry(), %{"eggs" => 2}) == {:ok, %{"flour" => 500, "milk" => 300}}
  end

  test "it tells what to buy" do
    assert Pantry.cook(pantry(), %{"eggs" => 3, "sugar" => 50}) ==
             {:error, %{"eggs" => 1, "sugar" => 50}}
  end

  test "an empty recipe leaves all as it was" do
    assert Pantry.cook(pantry(), %{}) == {:ok, pantry()}
  end
end
