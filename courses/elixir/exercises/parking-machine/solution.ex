defmodule Parking do
  @moduledoc "What a car park charges."

  @doc "The fee in cents for whole minutes."
  def fee(minutes) when not is_integer(minutes) or minutes < 0, do: {:error, :invalid}
  def fee(minutes) when minutes <= 30, do: 0
  def fee(minutes) when minutes <= 120, do: 200
  def fee(minutes) when minutes <= 480, do: 600
  def fee(_minutes), do: 1500
end
