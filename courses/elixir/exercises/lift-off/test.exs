defmodule RocketTest do
  use ExUnit.Case, async: true

  test "three, two, one" do
    assert Rocket.countdown(3) == [3, 2, 1, :liftoff]
  end

  test "one" do
    assert Rocket.countdown(1) == [1, :liftoff]
  end

  test "zero starts at once" do
    assert Rocket.countdown(0) == [:liftoff]
  end

  test "a long countdown" do
    list = Rocket.countdown(1000)
    assert length(list) == 1001
    assert hd(list) == 1000
    assert List.last(list) == :liftoff
  end

  test "negative numbers match no clause" do
    assert_raise FunctionClauseError, fn -> Rocket.countdown(-1) end
  end
end
