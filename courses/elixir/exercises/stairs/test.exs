defmodule StairsTest do
  use ExUnit.Case, async: true

  test "three steps can be climbed in three ways" do
    assert Stairs.ways(3) == 3
  end

  test "four steps in five ways" do
    assert Stairs.ways(4) == 5
  end

  test "one step in one way" do
    assert Stairs.ways(1) == 1
  end

  test "no steps: one way, to stay" do
    assert Stairs.ways(0) == 1
  end

  test "ten steps" do
    assert Stairs.ways(10) == 89
  end

  @tag timeout: 2000
  test "a tower of eighty steps, without waiting for ever" do
    assert Stairs.ways(80) == 37_889_062_373_143_906
  end
end
