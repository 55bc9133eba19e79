defmodule StopwatchTest do
  use ExUnit.Case, async: true

  test "minutes and seconds" do
    assert to_string(%Stopwatch{seconds: 125}) == "2:05"
    assert to_string(%Stopwatch{seconds: 754}) == "12:34"
  end

  test "less than a minute" do
    assert to_string(%Stopwatch{seconds: 7}) == "0:07"
  end

  test "nothing at all" do
    assert to_string(%Stopwatch{}) == "0:00"
  end

  test "the last second before the hour" do
    assert to_string(%Stopwatch{seconds: 3599}) == "59:59"
  end

  test "from one hour on the hours stand in front" do
    assert to_string(%Stopwatch{seconds: 3600}) == "1:00:00"
    assert to_string(%Stopwatch{seconds: 3725}) == "1:02:05"
  end

  test "more than a day is still counted in hours" do
    assert to_string(%Stopwatch{seconds: 90_061}) == "25:01:01"
  end

  test "it can be put into a sentence" do
    assert "Time: #{%Stopwatch{seconds: 60}}" == "Time: 1:00"
  end
end
