defmodule LawnTest do
  use ExUnit.Case, async: true

  test "a square" do
    assert Lawn.area({:square, 5}) == {:ok, 25}
  end

  test "a rectangle" do
    assert Lawn.area({:rectangle, 4, 2.5}) == {:ok, 10.0}
  end

  test "a ring around a pond" do
    assert {:ok, area} = Lawn.area({:ring, 3, 1})
    assert_in_delta area, 25.1327, 0.001
  end

  test "no lawn without a size" do
    assert Lawn.area({:square, 0}) == {:error, :no_lawn}
    assert Lawn.area({:rectangle, 3, -1}) == {:error, :no_lawn}
  end

  test "small lawns are lawns" do
    assert Lawn.area({:square, 0.5}) == {:ok, 0.25}
    assert Lawn.area({:rectangle, 0.5, 0.5}) == {:ok, 0.25}
  end

  test "a pond as large as the lawn leaves no grass" do
    assert Lawn.area({:ring, 2, 2}) == {:error, :no_lawn}
    assert Lawn.area({:ring, 2, 3}) == {:error, :no_lawn}
  end

  test "lengths are numbers" do
    assert Lawn.area({:square, "big"}) == {:error, :no_lawn}
    assert Lawn.area({:ring, :huge, 1}) == {:error, :no_lawn}
  end

  test "unknown shapes" do
    assert Lawn.area({:hexagon, 3}) == {:error, :no_lawn}
    assert Lawn.area(nil) == {:error, :no_lawn}
  end
end
