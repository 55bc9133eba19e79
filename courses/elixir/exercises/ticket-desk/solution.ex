defmodule TicketDesk do
  @moduledoc "Hands out numbers and calls them in order."

  use GenServer

  @doc "Starts a desk whose first ticket is number 1."
  def start_link, do: GenServer.start_link(__MODULE__, nil)

  @doc "Takes a ticket and returns its number."
  def take(desk), do: GenServer.call(desk, :take)

  @doc "The ticket that has waited longest, as `{:ok, number}`, or `:nobody`."
  def call_next(desk), do: GenServer.call(desk, :call_next)

  @doc "How many are waiting."
  def waiting(desk), do: GenServer.call(desk, :waiting)

  @doc "Takes a number out of the queue, without waiting for the desk."
  def give_up(desk, number), do: GenServer.cast(desk, {:give_up, number})

  @impl true
  def init(_nothing), do: {:ok, %{next: 1, waiting: []}}

  @impl true
  def handle_call(:take, _from, %{next: number} = state) do
    {:reply, number, %{state | next: number + 1, waiting: state.waiting ++ [number]}}
  end

  def handle_call(:call_next, _from, %{waiting: []} = state), do: {:reply, :nobody, state}

  def handle_call(:call_next, _from, %{waiting: [first | rest]} = state) do
    {:reply, {:ok, first}, %{state | waiting: rest}}
  end

  def handle_call(:waiting, _from, state), do: {:reply, length(state.waiting), state}

  @impl true
  def handle_cast({:give_up, number}, state) do
    {:noreply, %{state | waiting: List.delete(state.waiting, number)}}
  end
end
