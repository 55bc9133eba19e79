defmodule Rover do
  @moduledoc "A rover on Mars: `{:rover, {x, y}, heading}`."

  @doc "The rover with `x` and `y` exchanged, and the rover that it was made from."
  def mirror(rover) do
    {:rover, {x, y}, heading} = rover
    mirrored = {:rover, {y, x}, heading}
    {mirrored, rover}
  end
end
