defmodule Auction do
  @moduledoc """
  Sells one item to the highest bidder.

  The state holds the smallest amount that the next bid must reach (`needed`), so the first bid and all
  later ones follow the same rule.
  """

  use GenServer

  @doc "Opens an auction."
  def start_link(item, minimum), do: GenServer.start_link(__MODULE__, {item, minimum})

  @doc "Makes a bid: `:ok`, `{:error, {:too_low, needed}}` or `{:error, :closed}`."
  def bid(auction, name, amount), do: GenServer.call(auction, {:bid, name, amount})

  @doc "Ends the auction and says how it ended. May be asked again."
  def close(auction), do: GenServer.call(auction, :close)

  @impl true
  def init({item, minimum}), do: {:ok, %{item: item, needed: minimum, best: nil, open: true}}

  @impl true
  def handle_call({:bid, _name, _amount}, _from, %{open: false} = state) do
    {:reply, {:error, :closed}, state}
  end

  def handle_call({:bid, name, amount}, _from, %{needed: needed} = state) when amount >= needed do
    {:reply, :ok, %{state | needed: amount + 1, best: {name, amount}}}
  end

  def handle_call({:bid, _name, _amount}, _from, state) do
    {:reply, {:error, {:too_low, state.needed}}, state}
  end

  def handle_call(:close, _from, state) do
    {:reply, outcome(state), %{state | open: false}}
  end

  defp outcome(%{item: item, best: nil}), do: {:unsold, item}
  defp outcome(%{item: item, best: {name, amount}}), do: {:sold, item, name, amount}
end
