defmodule PostcardTest do
  use ExUnit.Case, async: true

  test "Grace lives in Bergen" do
    assert Postcard.address({:postcard, "Grace", {"Harbour Road 5", "Bergen"}}) ==
             "Grace in Bergen"
  end

  test "the street does not matter" do
    assert Postcard.address({:postcard, "Grace", {"Mountain Lane 77", "Bergen"}}) ==
             "Grace in Bergen"
  end

  test "another name, another city" do
    assert Postcard.address({:postcard, "Joe", {"1 Main Street", "Stockholm"}}) ==
             "Joe in Stockholm"
  end

  test "names with letters from anywhere" do
    assert Postcard.address({:postcard, "Žofie", {"Dlouhá 3", "Plzeň"}}) == "Žofie in Plzeň"
  end

  test "a parcel is not a postcard and does not match" do
    assert_raise MatchError, fn ->
      Postcard.address({:parcel, "Grace", {"Harbour Road 5", "Bergen"}})
    end
  end
end
