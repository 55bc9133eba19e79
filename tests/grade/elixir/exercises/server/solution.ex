defmodule Counter do
  use GenServer

  def start_link(options \\ []), do: GenServer.start_link(__MODULE__, options[:from] || 0, Keyword.take(options, [:name]))
  def next(server), do: GenServer.call(server, :next)
  def add(server, n), do: GenServer.cast(server, {:add, n})
  def tell(server, pid), do: send(server, {:tell, pid})
  def crash(server), do: GenServer.cast(server, :crash)

  @impl true
  def init(n) do
    Process.flag(:trap_exit, true)
    {:ok, n}
  end

  @impl true
  def handle_call(:next, _from, n), do: {:reply, n, n + 1}
  @impl true
  def handle_cast({:add, m}, n), do: {:noreply, n + m}
  def handle_cast(:crash, _), do: raise("crashed")
  @impl true
  def handle_info({:tell, pid}, n) do
    send(pid, {:count, self(), n})
    {:noreply, n}
  end

  def handle_info(_, n), do: {:noreply, n}

  @impl true
  def terminate(reason, _) do
    if pid = Process.whereis(:counter_watch), do: send(pid, {:terminated, reason})
  end
end
