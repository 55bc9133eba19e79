defmodule Bill do
  @moduledoc "Shares a bill among friends. All amounts are whole cents."

  @doc "What each one pays. The tip is a percentage."
  def share(total, people, tip \\ 10) do
    divide_up(with_tip(total, tip), people)
  end

  @doc "The cents that are on the table too many when all have paid their share."
  def left_over(total, people, tip \\ 10) do
    share(total, people, tip) * people - with_tip(total, tip)
  end

  defp with_tip(total, tip), do: total + divide_up(total * tip, 100)

  defp divide_up(amount, by), do: div(amount + by - 1, by)
end
