defmodule HikeTest do
  use ExUnit.Case, async: true

  test "up, down a little, and up again" do
    assert Hike.ascent([200, 250, 230, 300]) == 120
  end

  test "only up" do
    assert Hike.ascent([0, 100, 250, 1000]) == 1000
  end

  test "only down" do
    assert Hike.ascent([900, 500, 100]) == 0
  end

  test "level ground" do
    assert Hike.ascent([50, 50, 50]) == 0
  end

  test "one height alone is no climb" do
    assert Hike.ascent([4810]) == 0
  end

  test "a day at home" do
    assert Hike.ascent([]) == 0
  end

  test "up from below the sea" do
    assert Hike.ascent([-30, -10, 5]) == 35
  end
end
