defmodule Counter do
  use GenServer
  def start_link(_ \\ []), do: GenServer.start_link(__MODULE__, 7)
  def next(server), do: GenServer.call(server, :next)
  def add(server, _), do: GenServer.cast(server, :none)
  def tell(_, _), do: :ok
  def crash(_), do: :ok
  def init(n), do: {:ok, n}
  def handle_call(:next, _from, n), do: {:reply, n, n}
  def handle_cast(:none, n), do: {:noreply, n}
end
