defmodule Cinema do
  @moduledoc "The seats of a cinema."

  @doc "All seats that are not taken, row by row."
  def free(rows, numbers, taken) do
    for row <- rows, number <- numbers, seat = "#{row}#{number}", seat not in taken do
      seat
    end
  end
end
