defmodule TrafficLight do
  @moduledoc "A traffic light by day and by night."

  @doc "The light that follows. If the light is broken, that is red."
  def next(:green), do: :amber
  def next(:amber), do: :red
  def next(:red), do: :green
  def next(:blinking), do: :dark
  def next(:dark), do: :blinking
  def next(_), do: :red
end
