defmodule DuelTest do
  use ExUnit.Case, async: true

  test "fire beats wind, wind beats water, water beats fire" do
    assert Duel.winner({"Ged", :fire}, {"Yaga", :wind}) == "Ged"
    assert Duel.winner({"Ged", :wind}, {"Yaga", :water}) == "Ged"
    assert Duel.winner({"Ged", :water}, {"Yaga", :fire}) == "Ged"
  end

  test "the second wizard can win, too" do
    assert Duel.winner({"Ged", :wind}, {"Yaga", :fire}) == "Yaga"
    assert Duel.winner({"Ged", :water}, {"Yaga", :wind}) == "Yaga"
    assert Duel.winner({"Ged", :fire}, {"Yaga", :water}) == "Yaga"
  end

  test "the same spell is a draw" do
    assert Duel.winner({"Ged", :fire}, {"Yaga", :fire}) == :draw
  end

  test "a fumble loses" do
    assert Duel.winner({"Ged", :rabbit}, {"Yaga", :water}) == "Yaga"
    assert Duel.winner({"Ged", :wind}, {"Yaga", "oops"}) == "Ged"
  end

  test "two fumbles are a draw, the same or not" do
    assert Duel.winner({"Ged", :rabbit}, {"Yaga", :rabbit}) == :draw
    assert Duel.winner({"Ged", :rabbit}, {"Yaga", nil}) == :draw
  end

  test "two wizards may share a name" do
    assert Duel.winner({"Merlin", :fire}, {"Merlin", :wind}) == "Merlin"
  end
end
