defmodule RoverHiddenTest do
  use ExUnit.Case, async: true

  test "looking twice gives the first rover again" do
    rover = {:rover, {12, 30}, :south}
    {mirrored, _} = Rover.mirror(rover)
    assert {^rover, ^mirrored} = Rover.mirror(mirrored)
  end

  test "what does not look like a rover is refused" do
    assert_raise MatchError, fn -> Rover.mirror({:boat, {1, 2}, :north}) end
  end
end
