defmodule SnackMachine do
  @moduledoc "A snack machine that remembers nothing but its credit, in cents."

  @coins [10, 20, 50, 100, 200]

  @doc "Handles one event and returns the new credit together with what the machine does."
  def step(credit, event) do
    case event do
      {:coin, value} when value in @coins -> {credit + value, :ok}
      {:coin, value} -> {credit, {:reject, value}}
      {:choose, price} when price <= credit -> {0, {:snack, credit - price}}
      {:choose, price} -> {credit, {:missing, price - credit}}
      :refund -> {0, {:back, credit}}
      _ -> {credit, :ignored}
    end
  end
end
