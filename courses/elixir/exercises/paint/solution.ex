defmodule Paint do
  @moduledoc "How much paint to buy."

  @square_metres_per_litre 10

  @doc "Whole litres for a wall of this size, which is painted `coats` times."
  def litres(width, height, coats \\ 2) do
    ceil(width * height * coats / @square_metres_per_litre)
  end
end
