defmodule NightLight do
  @moduledoc "A light that can be made brighter."

  use GenServer

  def start_link(_nothing), do: GenServer.start_link(__MODULE__, 0)
  def brighter(light), do: GenServer.call(light, :brighter)

  @impl true
  def init(brightness), do: {:ok, brightness}

  @impl true
  def handle_call(:brighter, _from, brightness), do: {:reply, brightness + 1, brightness + 1}
end

defmodule NightLight.Keeper do
  @moduledoc "Sees to it that there is always a light."

  @doc "Starts a supervisor with one light."
  def start_link, do: Supervisor.start_link([NightLight], strategy: :one_for_one)

  @doc "The pid of the light that is shining now."
  def light(keeper) do
    [{_id, pid, _type, _modules}] = Supervisor.which_children(keeper)
    pid
  end
end
