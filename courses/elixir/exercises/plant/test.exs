defmodule PlantTest do
  use ExUnit.Case, async: true

  test "a young plant" do
    plant = Plant.new("Basil")
    assert plant.name == "Basil"
    assert {plant.height, plant.water, plant.alive} == {10, 0, true}
  end

  test "water adds up" do
    plant = Plant.water(Plant.water(Plant.new("Basil"), 30), 25)
    assert plant.water == 55
    assert plant.alive
  end

  test "a day with water lets it grow" do
    plant = Plant.day(Plant.water(Plant.new("Basil"), 15))
    assert {plant.height, plant.water, plant.alive} == {15, 5, true}
  end

  test "ten water are just enough for a day" do
    plant = Plant.day(Plant.water(Plant.new("Basil"), 10))
    assert {plant.height, plant.water, plant.alive} == {15, 0, true}
  end

  test "a day without enough water kills it, and the water stays" do
    plant = Plant.day(Plant.water(Plant.new("Basil"), 9))
    assert {plant.height, plant.water, plant.alive} == {10, 9, false}
  end

  test "too much water kills it, 100 does not" do
    assert Plant.water(Plant.new("Basil"), 100).alive
    refute Plant.water(Plant.new("Basil"), 101).alive
  end

  test "nothing happens to a dead plant" do
    dead = Plant.day(Plant.new("Basil"))
    refute dead.alive
    assert Plant.water(dead, 50) == dead
    assert Plant.day(dead) == dead
  end
end
