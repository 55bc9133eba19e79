defmodule TreasureHiddenTest do
  use ExUnit.Case, async: true

  test "no coin is lost or invented, and no two shares differ by more than one" do
    for coins <- [0, 1, 7, 100, 999, 12_345], pirates <- 1..9 do
      {:ok, shares} = Treasure.share(coins, pirates)
      assert length(shares) == pirates
      assert Enum.sum(shares) == coins
      assert Enum.max(shares) - Enum.min(shares) <= 1
      assert shares == Enum.sort(shares, :desc)
    end
  end
end
