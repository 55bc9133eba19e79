defmodule ChangeTest do
  use ExUnit.Case, async: true

  test "thirty cents" do
    assert Change.pay(30) == [{0, 1, 1}, {0, 0, 3}]
  end

  test "seventy cents" do
    assert Change.pay(70) ==
             [{1, 1, 0}, {1, 0, 2}, {0, 3, 1}, {0, 2, 3}, {0, 1, 5}, {0, 0, 7}]
  end

  test "ten cents can be paid in one way" do
    assert Change.pay(10) == [{0, 0, 1}]
  end

  test "nothing is paid with no coins" do
    assert Change.pay(0) == [{0, 0, 0}]
  end

  test "five cents cannot be paid" do
    assert Change.pay(5) == []
    assert Change.pay(75) == []
  end

  test "each way adds up, and none occurs twice" do
    ways = Change.pay(500)
    assert Enum.all?(ways, fn {a, b, c} -> 50 * a + 20 * b + 10 * c == 500 end)
    assert ways == Enum.uniq(ways)
    assert length(ways) == 146
  end
end
