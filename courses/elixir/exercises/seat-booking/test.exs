defmodule SeatBookingTest do
  use ExUnit.Case, async: true

  test "a free seat is booked" do
    assert SeatBooking.book([], "C12") == {:ok, [{"C", 12}]}
  end

  test "the new seat stands in front of the others" do
    assert SeatBooking.book([{"A", 1}, {"B", 2}], "F20") == {:ok, [{"F", 20}, {"A", 1}, {"B", 2}]}
  end

  test "a row that does not exist" do
    assert SeatBooking.book([], "G1") == {:error, :bad_row}
    assert SeatBooking.book([], "c1") == {:error, :bad_row}
  end

  test "a number that does not exist" do
    assert SeatBooking.book([], "A0") == {:error, :bad_number}
    assert SeatBooking.book([], "A21") == {:error, :bad_number}
  end

  test "something that is no number at all" do
    assert SeatBooking.book([], "Ax") == {:error, :bad_number}
    assert SeatBooking.book([], "A7b") == {:error, :bad_number}
    assert SeatBooking.book([], "A") == {:error, :bad_number}
  end

  test "a seat that is taken" do
    assert SeatBooking.book([{"C", 12}], "C12") == {:error, :taken}
  end

  test "the row is checked before the number" do
    assert SeatBooking.book([], "Z99") == {:error, :bad_row}
  end

  test "an empty request has no row" do
    assert SeatBooking.book([], "") == {:error, :bad_row}
  end
end
