defmodule LuggageHiddenTest do
  use ExUnit.Case, async: true

  test "a very long belt" do
    belt = List.duplicate(5, 20_000)
    cars = Luggage.load(belt, 20)
    assert length(cars) == 5_000
    assert Enum.all?(cars, &(&1 == [5, 5, 5, 5]))
  end

  test "nothing is lost and nothing is added" do
    belt = Enum.map(1..200, &rem(&1 * 7, 23))
    assert List.flatten(Luggage.load(belt, 23)) == belt
  end
end
