defmodule Ledger do
  def totals(text) do
    for line <- String.split(text, "\n"), into: %{} do
      {line, 0}
    end
  end

  def report(text) do
    text
    |> totals()
    |> Enum.map(fn {shop, cents} -> "#{shop}: #{cents}" end)
  end
end
