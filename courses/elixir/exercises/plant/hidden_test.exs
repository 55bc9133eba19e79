defmodule PlantHiddenTest do
  use ExUnit.Case, async: true

  test "a good gardener" do
    plant =
      Enum.reduce(1..30, Plant.new("Fern"), fn _, plant ->
        Plant.day(Plant.water(plant, 10))
      end)

    assert plant.alive
    assert plant.height == 160
    assert plant.water == 0
  end

  test "water that comes too late" do
    plant = Plant.water(Plant.day(Plant.new("Fern")), 10)
    assert {plant.height, plant.water, plant.alive} == {10, 0, false}
  end
end
