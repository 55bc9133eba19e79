defmodule Rover do
  def mirror(rover) do
    mirrored = rover
    {mirrored, rover}
  end
end
