defmodule TicketDesk do
  use GenServer

  def start_link, do: GenServer.start_link(__MODULE__, nil)
  def take(desk), do: GenServer.call(desk, :take)
  def call_next(desk), do: GenServer.call(desk, :call_next)
  def waiting(desk), do: GenServer.call(desk, :waiting)
  def give_up(desk, number), do: GenServer.cast(desk, {:give_up, number})

  @impl true
  def init(_nothing) do
    {:ok, :what_to_remember?}
  end

  @impl true
  def handle_call(question, _from, state) do
    {:reply, {:not_yet, question}, state}
  end

  @impl true
  def handle_cast(_message, state) do
    {:noreply, state}
  end
end
