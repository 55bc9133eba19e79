defmodule Weather do
  def smooth(temperatures, days) do
    Enum.map(temperatures, fn temperature -> temperature / days end)
  end
end
