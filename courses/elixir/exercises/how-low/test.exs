defmodule AccountTest do
  use ExUnit.Case, async: true

  test "the lowest is in the middle" do
    assert Account.follow(40, [-30, 50]) == {60, 10}
  end

  test "the lowest is at the end" do
    assert Account.follow(40, [-30, 50, -90]) == {-30, -30}
  end

  test "the lowest is at the beginning" do
    assert Account.follow(5, [10, 20, -3]) == {32, 5}
  end

  test "nothing happened" do
    assert Account.follow(77, []) == {77, 77}
  end

  test "below zero and back again" do
    assert Account.follow(0, [-5, -5, 20]) == {10, -10}
  end

  test "changes of zero change nothing" do
    assert Account.follow(1, [0, 0, 0]) == {1, 1}
  end
end
