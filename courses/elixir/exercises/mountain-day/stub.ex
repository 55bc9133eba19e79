defmodule Hike do
  def ascent([start | _]), do: start
  def ascent([]), do: 0
end
