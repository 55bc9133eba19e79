defmodule Lawn do
  def area({:square, side}), do: {:ok, side * side}
  def area(_), do: {:error, :no_lawn}
end
