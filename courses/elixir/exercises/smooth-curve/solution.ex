defmodule Weather do
  @moduledoc "Makes trends visible."

  @doc "The averages of each `days` temperatures that follow one another."
  def smooth(temperatures, days) do
    pieces = Enum.chunk_every(temperatures, days, 1, :discard)
    Enum.map(pieces, fn piece -> Enum.sum(piece) / days end)
  end
end
