defmodule ParkingTest do
  use ExUnit.Case, async: true

  test "a short visit is free" do
    assert Parking.fee(12) == 0
  end

  test "the 30th minute is still free, the 31st is not" do
    assert Parking.fee(30) == 0
    assert Parking.fee(31) == 200
  end

  test "two hours, and a minute more" do
    assert Parking.fee(120) == 200
    assert Parking.fee(121) == 600
  end

  test "eight hours, and a minute more" do
    assert Parking.fee(480) == 600
    assert Parking.fee(481) == 1500
  end

  test "no time costs nothing" do
    assert Parking.fee(0) == 0
  end

  test "time does not run backwards" do
    assert Parking.fee(-1) == {:error, :invalid}
  end

  test "only whole minutes count" do
    assert Parking.fee(10.5) == {:error, :invalid}
  end

  test "a word is not a time" do
    assert Parking.fee("an hour") == {:error, :invalid}
    assert Parking.fee(nil) == {:error, :invalid}
  end
end
