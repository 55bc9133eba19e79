defmodule WeatherTest do
  use ExUnit.Case, async: true

  test "two days at a time" do
    assert Weather.smooth([1, 2, 6], 2) == [1.5, 4.0]
  end

  test "three days at a time" do
    assert Weather.smooth([3, 6, 9, 0, 3], 3) == [6.0, 5.0, 4.0]
  end

  test "one day at a time are the temperatures themselves" do
    assert Weather.smooth([4, -2], 1) == [4.0, -2.0]
  end

  test "as many days as temperatures give one average" do
    assert Weather.smooth([1, 2, 3, 4], 4) == [2.5]
  end

  test "too few temperatures" do
    assert Weather.smooth([20, 22], 3) == []
  end

  test "none at all" do
    assert Weather.smooth([], 2) == []
  end
end
