defmodule CinemaTest do
  use ExUnit.Case, async: true

  test "an empty cinema, row by row" do
    assert Cinema.free(["A", "B"], 1..3, []) == ["A1", "A2", "A3", "B1", "B2", "B3"]
  end

  test "taken seats are left out" do
    assert Cinema.free(["A", "B"], 1..3, ["A2", "B3"]) == ["A1", "A3", "B1", "B2"]
  end

  test "sold out" do
    assert Cinema.free(["A"], 1..2, ["A2", "A1"]) == []
  end

  test "seats that do not exist may be taken" do
    assert Cinema.free(["A"], 1..2, ["Z99"]) == ["A1", "A2"]
  end

  test "numbers need not begin with one" do
    assert Cinema.free(["K"], 9..11, ["K10"]) == ["K9", "K11"]
  end

  test "no rows, no seats" do
    assert Cinema.free([], 1..10, []) == []
  end
end
