defmodule SeatBooking do
  @moduledoc "Books seats in a theatre with the rows A to F and twenty seats in each."

  @rows ~w(A B C D E F)

  @doc """
  Books a seat named by a text such as `"C12"`.

  Returns `{:ok, taken}` with the new seat in front, or `{:error, reason}` for the first check that fails.
  """
  def book(taken, request) do
    {row, digits} = String.split_at(request, 1)

    with :ok <- check_row(row),
         {:ok, number} <- read_number(digits),
         seat = {row, number},
         :ok <- check_free(taken, seat) do
      {:ok, [seat | taken]}
    end
  end

  defp check_row(row) when row in @rows, do: :ok
  defp check_row(_row), do: {:error, :bad_row}

  defp read_number(digits) do
    case Integer.parse(digits) do
      {number, ""} when number in 1..20 -> {:ok, number}
      _ -> {:error, :bad_number}
    end
  end

  defp check_free(taken, seat) do
    if seat in taken, do: {:error, :taken}, else: :ok
  end
end
