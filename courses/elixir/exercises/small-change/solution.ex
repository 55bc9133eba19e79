defmodule Change do
  @moduledoc "Pays small amounts with coins of 50, 20 and 10 cents."

  @doc "All ways to pay, each as `{fifties, twenties, tens}`."
  def pay(cents) do
    for fifties <- div(cents, 50)..0//-1,
        twenties <- div(cents - 50 * fifties, 20)..0//-1,
        rest = cents - 50 * fifties - 20 * twenties,
        rem(rest, 10) == 0 do
      {fifties, twenties, div(rest, 10)}
    end
  end
end
