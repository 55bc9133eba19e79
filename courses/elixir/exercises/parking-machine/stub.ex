defmodule Parking do
  def fee(minutes) when minutes <= 30, do: 0
  def fee(_minutes), do: 1500
end
