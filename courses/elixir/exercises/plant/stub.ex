defmodule Plant do
  defstruct name: "", height: 10, water: 0, alive: true

  def new(name) do
    %Plant{name: name}
  end

  def water(plant, amount) do
    %Plant{plant | water: amount}
  end

  def day(plant) do
    %Plant{plant | height: plant.height + 5}
  end
end
