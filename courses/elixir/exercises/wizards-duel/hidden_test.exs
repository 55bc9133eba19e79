defmodule DuelHiddenTest do
  use ExUnit.Case, async: true

  test "whoever begins, the winner is the same" do
    spells = [:fire, :wind, :water, :hiccup]

    for a <- spells, b <- spells do
      assert Duel.winner({"A", a}, {"B", b}) == Duel.winner({"B", b}, {"A", a})
    end
  end
end
