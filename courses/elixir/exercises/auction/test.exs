defmodule AuctionTest do
  use ExUnit.Case, async: true

  setup do
    {:ok, auction} = Auction.start_link("a blue vase", 100)
    %{auction: auction}
  end

  test "the first bid may be exactly the minimum", %{auction: auction} do
    assert Auction.bid(auction, "Ida", 100) == :ok
  end

  test "a first bid below the minimum is too low", %{auction: auction} do
    assert Auction.bid(auction, "Ida", 99) == {:error, {:too_low, 100}}
  end

  test "later bids must be higher than the best", %{auction: auction} do
    assert Auction.bid(auction, "Ida", 120) == :ok
    assert Auction.bid(auction, "Max", 120) == {:error, {:too_low, 121}}
    assert Auction.bid(auction, "Max", 121) == :ok
    assert Auction.bid(auction, "Ida", 110) == {:error, {:too_low, 122}}
  end

  test "the highest bidder gets the item", %{auction: auction} do
    Auction.bid(auction, "Ida", 120)
    Auction.bid(auction, "Max", 150)
    Auction.bid(auction, "Eva", 130)
    assert Auction.close(auction) == {:sold, "a blue vase", "Max", 150}
  end

  test "without a good bid the item is not sold", %{auction: auction} do
    Auction.bid(auction, "Ida", 5)
    assert Auction.close(auction) == {:unsold, "a blue vase"}
  end

  test "a closed auction takes no bids", %{auction: auction} do
    Auction.close(auction)
    assert Auction.bid(auction, "Ida", 500) == {:error, :closed}
  end

  test "closing again gives the same answer", %{auction: auction} do
    Auction.bid(auction, "Ida", 120)
    answer = Auction.close(auction)
    Auction.bid(auction, "Max", 999)
    assert Auction.close(auction) == answer
  end

  test "two auctions know nothing of each other", %{auction: auction} do
    {:ok, other} = Auction.start_link("a chair", 10)
    Auction.bid(auction, "Ida", 100)
    assert Auction.bid(other, "Max", 10) == :ok
  end
end
