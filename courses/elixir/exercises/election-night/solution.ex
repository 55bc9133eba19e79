defmodule Election do
  @moduledoc "Counts votes."

  @doc "Who has won. A vote is a name."
  def result([]), do: :nobody

  def result(votes) do
    counts = Enum.frequencies(votes)
    most = Enum.max(Map.values(counts))
    leaders = Enum.filter(Map.keys(counts), fn name -> counts[name] == most end)
    decide(leaders, most)
  end

  defp decide([name], most), do: {:winner, name, most}
  defp decide(names, _most), do: {:tie, Enum.sort(names)}
end
