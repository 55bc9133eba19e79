defmodule Plant do
  @moduledoc "A plant on the window sill. It drinks, it grows, and it dies if you are careless."

  @thirst 10
  @growth 5
  @too_much 100

  defstruct name: "", height: 10, water: 0, alive: true

  @doc "A young plant."
  def new(name), do: %Plant{name: name}

  @doc "Waters the plant. Too much of it is its end."
  def water(%Plant{alive: false} = plant, _amount), do: plant
  def water(%Plant{} = plant, amount), do: drown(%Plant{plant | water: plant.water + amount})

  @doc "Lets a day go by."
  def day(%Plant{alive: false} = plant), do: plant

  def day(%Plant{water: water} = plant) when water >= @thirst do
    %Plant{plant | water: water - @thirst, height: plant.height + @growth}
  end

  def day(%Plant{} = plant), do: %Plant{plant | alive: false}

  defp drown(%Plant{water: water} = plant) when water > @too_much do
    %Plant{plant | alive: false}
  end

  defp drown(plant), do: plant
end
