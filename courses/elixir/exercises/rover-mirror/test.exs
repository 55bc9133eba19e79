defmodule RoverTest do
  use ExUnit.Case, async: true

  test "x and y change places" do
    assert {{:rover, {5, 2}, :north}, _} = Rover.mirror({:rover, {2, 5}, :north})
  end

  test "the original comes back unchanged" do
    original = {:rover, {2, 5}, :north}
    assert {_, ^original} = Rover.mirror(original)
  end

  test "the heading stays, whatever it is" do
    assert {{:rover, {0, 1}, "south by south-west"}, _} =
             Rover.mirror({:rover, {1, 0}, "south by south-west"})
  end

  test "a rover on the diagonal looks the same" do
    rover = {:rover, {7, 7}, :east}
    assert Rover.mirror(rover) == {rover, rover}
  end

  test "negative places are places too" do
    assert {{:rover, {-9, -4}, :west}, _} = Rover.mirror({:rover, {-4, -9}, :west})
  end
end
