defmodule StairsHiddenTest do
  use ExUnit.Case, async: true

  test "each number of ways is the sum of the two before" do
    assert Stairs.ways(31) == Stairs.ways(30) + Stairs.ways(29)
  end

  test "stairs do not go below the ground" do
    assert_raise FunctionClauseError, fn -> Stairs.ways(-1) end
  end
end
