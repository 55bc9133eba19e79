defmodule TeaTimerTest do
  use ExUnit.Case, async: true

  test "green tea takes 200 seconds" do
    assert TeaTimer.split(200) == {3, 20}
  end

  test "less than a minute has no minutes" do
    assert TeaTimer.split(45) == {0, 45}
  end

  test "a whole minute leaves no seconds" do
    assert TeaTimer.split(60) == {1, 0}
  end

  test "no time at all" do
    assert TeaTimer.split(0) == {0, 0}
  end

  test "an hour is sixty minutes, and they are a whole number" do
    assert {minutes, 1} = TeaTimer.split(3601)
    assert minutes === 60
  end
end
