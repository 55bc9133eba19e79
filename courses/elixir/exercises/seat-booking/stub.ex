defmodule SeatBooking do
  def book(taken, request) do
    # Check the row, then the number, then whether the seat is free.
    {:error, {taken, request}}
  end
end
