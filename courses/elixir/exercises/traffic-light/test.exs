defmodule TrafficLightTest do
  use ExUnit.Case, async: true

  test "green is followed by amber" do
    assert TrafficLight.next(:green) == :amber
  end

  test "amber is followed by red" do
    assert TrafficLight.next(:amber) == :red
  end

  test "red is followed by green" do
    assert TrafficLight.next(:red) == :green
  end

  test "at night it blinks" do
    assert TrafficLight.next(:blinking) == :dark
    assert TrafficLight.next(:dark) == :blinking
  end

  test "an unknown light is followed by red" do
    assert TrafficLight.next(:purple) == :red
  end

  test "even nonsense is followed by red" do
    assert TrafficLight.next("green") == :red
    assert TrafficLight.next({:green, 1}) == :red
    assert TrafficLight.next(nil) == :red
  end
end
