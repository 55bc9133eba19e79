defmodule MoonRover do
  @moduledoc "A rover that burns one litre of fuel per kilometre."

  defmodule OutOfFuelError do
    @moduledoc "Raised when a drive needs more fuel than is left."

    defexception [:needed, :left]

    @impl true
    def message(error) do
      "needs #{error.needed} litres but only #{error.left} are left"
    end
  end

  defstruct fuel: 0, distance: 0

  @doc "Drives a distance in kilometres, or raises `MoonRover.OutOfFuelError`."
  def drive(%MoonRover{fuel: fuel} = rover, kilometres) when kilometres <= fuel do
    %{rover | fuel: fuel - kilometres, distance: rover.distance + kilometres}
  end

  def drive(%MoonRover{fuel: fuel}, kilometres) do
    raise OutOfFuelError, needed: kilometres, left: fuel
  end
end
