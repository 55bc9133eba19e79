defmodule MoonRoverTest do
  use ExUnit.Case, async: true

  test "driving burns fuel and adds distance" do
    rover = MoonRover.drive(%MoonRover{fuel: 20, distance: 7}, 5)
    assert rover.fuel == 15
    assert rover.distance == 12
  end

  test "two drives add up" do
    rover = %MoonRover{fuel: 20} |> MoonRover.drive(5) |> MoonRover.drive(6)
    assert rover == %MoonRover{fuel: 9, distance: 11}
  end

  test "exactly enough fuel is enough" do
    assert MoonRover.drive(%MoonRover{fuel: 3}, 3).fuel == 0
  end

  test "too little fuel raises the exception with its message" do
    assert_raise MoonRover.OutOfFuelError, "needs 12 litres but only 5 are left", fn ->
      MoonRover.drive(%MoonRover{fuel: 5}, 12)
    end
  end

  test "the exception carries the facts" do
    error =
      assert_raise MoonRover.OutOfFuelError, fn ->
        MoonRover.drive(%MoonRover{fuel: 2}, 9)
      end

    assert error.needed == 9
    assert error.left == 2
  end
end
