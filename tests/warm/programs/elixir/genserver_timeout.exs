defmodule Sleepy do
  use GenServer
  def init(n), do: {:ok, n, 10}
  def handle_info(:timeout, 3), do: {:stop, :normal, 3}
  def handle_info(:timeout, n) do
    IO.puts("tick #{n}")
    {:noreply, n + 1, 5}
  end
  def handle_call(:never, _, n), do: {:noreply, n}
end

{:ok, pid} = GenServer.start(Sleepy, 0)
monitor = Process.monitor(pid)
receive do
  {:DOWN, ^monitor, :process, ^pid, reason} -> IO.inspect(reason)
end

{:ok, pid} = GenServer.start(Sleepy, :not_a_number)
result = try do
  GenServer.call(pid, :never, 30)
catch
  :exit, {:timeout, {GenServer, :call, [_, :never, 30]}} -> :timed_out
  :exit, {{:badarith, _}, _} -> :it_died
end
IO.inspect(result in [:timed_out, :it_died])
