defmodule NightLight do
  use GenServer

  def start_link(_nothing), do: GenServer.start_link(__MODULE__, 0)
  def brighter(light), do: GenServer.call(light, :brighter)

  @impl true
  def init(brightness), do: {:ok, brightness}

  @impl true
  def handle_call(:brighter, _from, brightness), do: {:reply, brightness + 1, brightness + 1}
end

defmodule NightLight.Keeper do
  def start_link do
    # A supervisor without children watches over nothing.
    Supervisor.start_link([], strategy: :one_for_one)
  end

  def light(keeper) do
    keeper
  end
end
