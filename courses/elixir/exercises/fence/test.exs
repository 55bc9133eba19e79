defmodule FenceTest do
  use ExUnit.Case, async: true

  test "three fields" do
    assert Fence.draw(3) == "|==|==|==|"
  end

  test "other posts and rails" do
    assert Fence.draw(2, post: "I", rail: "-") == "I--I--I"
  end

  test "wide fields" do
    assert Fence.draw(2, width: 4) == "|====|====|"
  end

  test "the gate is the last field" do
    assert Fence.draw(2, post: "I", gate: true) == "I==I  I"
  end

  test "a gate and nothing else" do
    assert Fence.draw(1, gate: true, width: 3) == "|   |"
  end

  test "a fence without fields is one post" do
    assert Fence.draw(0) == "|"
    assert Fence.draw(0, gate: true) == "|"
  end

  test "no gate is wanted" do
    assert Fence.draw(1, gate: false) == "|==|"
  end
end
