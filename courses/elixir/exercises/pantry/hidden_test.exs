defmodule PantryHiddenTest do
  use ExUnit.Case, async: true

  test "cooking until nothing is left" do
    assert Pantry.cook(%{"rice" => 2, "salt" => 1}, %{"rice" => 2, "salt" => 1}) == {:ok, %{}}
  end

  test "names may be atoms as well" do
    assert Pantry.missing(%{rice: 1}, %{rice: 3}) == %{rice: 2}
    assert Pantry.cook(%{rice: 5}, %{rice: 3}) == {:ok, %{rice: 2}}
  end
end
