defmodule Luggage do
  @moduledoc "Loads suitcases from a belt into cars. A suitcase is its weight, a car is a list of suitcases."

  @doc "The cars in the order in which they drive off. None carries more than `limit`."
  def load([], _limit), do: []
  def load([first | rest], limit), do: load(rest, limit, [first], first, [])

  defp load([], _limit, car, _weight, gone) do
    Enum.reverse([Enum.reverse(car) | gone])
  end

  defp load([kilos | rest], limit, car, weight, gone) when weight + kilos <= limit do
    load(rest, limit, [kilos | car], weight + kilos, gone)
  end

  defp load([kilos | rest], limit, car, _weight, gone) do
    load(rest, limit, [kilos], kilos, [Enum.reverse(car) | gone])
  end
end
