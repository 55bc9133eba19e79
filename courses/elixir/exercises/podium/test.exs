defmodule PodiumTest do
  use ExUnit.Case, async: true

  test "three of four" do
    results = [{"Ida", 12}, {"Jon", 30}, {"Kaj", 7}, {"Liv", 21}]
    assert Podium.best(results) == ["Jon", "Liv", "Ida"]
  end

  test "equal points are ordered by name" do
    results = [{"Tor", 10}, {"Liv", 10}, {"Ane", 10}, {"Per", 10}]
    assert Podium.best(results) == ["Ane", "Liv", "Per"]
  end

  test "points come before names" do
    assert Podium.best([{"Ane", 1}, {"Tor", 2}, {"Liv", 2}]) == ["Liv", "Tor", "Ane"]
  end

  test "two people stand on a podium as well" do
    assert Podium.best([{"Ida", 1}, {"Jon", 2}]) == ["Jon", "Ida"]
  end

  test "nobody came" do
    assert Podium.best([]) == []
  end

  test "points below zero are possible" do
    assert Podium.best([{"Ida", -5}, {"Jon", 0}, {"Kaj", -1}]) == ["Jon", "Kaj", "Ida"]
  end
end
