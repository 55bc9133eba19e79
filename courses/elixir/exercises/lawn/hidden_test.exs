defmodule LawnHiddenTest do
  use ExUnit.Case, async: true

  test "both sides of a rectangle are looked at" do
    assert Lawn.area({:rectangle, -2, -3}) == {:error, :no_lawn}
    assert Lawn.area({:rectangle, 0, 3}) == {:error, :no_lawn}
    assert Lawn.area({:rectangle, 3, 0}) == {:error, :no_lawn}
    assert Lawn.area({:rectangle, "2", 3}) == {:error, :no_lawn}
    assert Lawn.area({:rectangle, 2, "3"}) == {:error, :no_lawn}
  end

  test "a pond needs a size as well" do
    assert Lawn.area({:ring, 3, 0}) == {:error, :no_lawn}
    assert Lawn.area({:ring, 3, nil}) == {:error, :no_lawn}
  end
end
