defmodule Auction do
  use GenServer

  def start_link(item, minimum) do
    GenServer.start_link(__MODULE__, {item, minimum})
  end

  def bid(auction, name, amount) do
    GenServer.call(auction, {:bid, name, amount})
  end

  def close(auction) do
    GenServer.call(auction, :close)
  end

  @impl true
  def init({item, _minimum}) do
    {:ok, %{item: item}}
  end

  @impl true
  def handle_call({:bid, _name, _amount}, _from, state) do
    {:reply, :ok, state}
  end

  def handle_call(:close, _from, state) do
    {:reply, {:unsold, state.item}, state}
  end
end
