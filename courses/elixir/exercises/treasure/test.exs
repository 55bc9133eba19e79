defmodule TreasureTest do
  use ExUnit.Case, async: true

  test "an even treasure is shared evenly" do
    assert Treasure.share(900, 3) == {:ok, [300, 300, 300]}
  end

  test "the first ones get the coins that are left over" do
    assert Treasure.share(1000, 3) == {:ok, [334, 333, 333]}
    assert Treasure.share(11, 4) == {:ok, [3, 3, 3, 2]}
  end

  test "one pirate gets everything" do
    assert Treasure.share(4711, 1) == {:ok, [4711]}
  end

  test "fewer coins than pirates" do
    assert Treasure.share(2, 3) == {:ok, [1, 1, 0]}
  end

  test "nobody is an expected failure of share" do
    assert Treasure.share(900, 0) == {:error, :nobody}
    assert Treasure.share(900, -2) == {:error, :nobody}
  end

  test "share! gives the bare list" do
    assert Treasure.share!(1000, 3) == [334, 333, 333]
  end

  test "share! raises with a helpful message" do
    assert_raise ArgumentError, "cannot share a treasure among 0 pirates", fn ->
      Treasure.share!(900, 0)
    end

    assert_raise ArgumentError, "cannot share a treasure among -2 pirates", fn ->
      Treasure.share!(900, -2)
    end
  end
end
