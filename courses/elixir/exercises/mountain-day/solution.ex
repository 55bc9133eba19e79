defmodule Hike do
  @moduledoc "What a watch can tell about a hike. A hike is a list of heights in metres."

  @doc "All metres that went up, added together."
  def ascent([a, b | rest]) when b > a, do: b - a + ascent([b | rest])
  def ascent([_ | rest]), do: ascent(rest)
  def ascent([]), do: 0
end
