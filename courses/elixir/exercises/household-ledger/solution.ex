defmodule Ledger do
  @moduledoc "The ledger of a household: a line is `date; shop; amount`."

  @doc "What was spent in each shop, in cents."
  def totals(text) do
    for {shop, cents} <- entries(text), reduce: %{} do
      totals -> Map.update(totals, shop, cents, &(&1 + cents))
    end
  end

  @doc "One line for each shop, the largest amount first."
  def report(text) do
    text
    |> totals()
    |> Enum.sort_by(fn {shop, cents} -> {-cents, shop} end)
    |> Enum.map(fn {shop, cents} -> "#{shop}: #{money(cents)}" end)
  end

  defp entries(text) do
    text
    |> String.split("\n")
    |> Enum.map(&String.trim/1)
    |> Enum.reject(&(&1 == "" or String.starts_with?(&1, "#")))
    |> Enum.map(&entry/1)
  end

  defp entry(line) do
    [_date, shop, amount] = line |> String.split(";") |> Enum.map(&String.trim/1)
    {shop, cents(amount)}
  end

  defp cents(amount) do
    amount
    |> String.replace(".", "")
    |> String.to_integer()
  end

  defp money(cents) do
    rest = cents |> rem(100) |> Integer.to_string() |> String.pad_leading(2, "0")
    "#{div(cents, 100)}.#{rest}"
  end
end
