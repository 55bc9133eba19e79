defmodule MoonRover do
  defmodule OutOfFuelError do
    defexception message: "give me the fields :needed and :left, and a message made of them"
  end

  defstruct fuel: 0, distance: 0

  def drive(rover, kilometres) do
    {rover, kilometres}
  end
end
