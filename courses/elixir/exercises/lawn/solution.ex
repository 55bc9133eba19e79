defmodule Lawn do
  @moduledoc "Lawns of several shapes. A lawn is a tuple that begins with the name of its shape."

  @doc "The area of a lawn, or an error if there can be no such lawn."
  def area({:square, side}) when is_number(side) and side > 0 do
    {:ok, side * side}
  end

  def area({:rectangle, width, height})
      when is_number(width) and is_number(height) and width > 0 and height > 0 do
    {:ok, width * height}
  end

  def area({:ring, outer, inner})
      when is_number(outer) and is_number(inner) and inner > 0 and inner < outer do
    {:ok, :math.pi() * (outer * outer - inner * inner)}
  end

  def area(_), do: {:error, :no_lawn}
end
