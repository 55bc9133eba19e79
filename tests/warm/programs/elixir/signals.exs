# The shell sends signals to the runtime, and dies of its own.
defmodule Handler do
  @behaviour :gen_event
  def init(pid), do: {:ok, pid}
  def handle_event(signal, pid), do: {send(pid, {:signal, signal}) && :ok, pid}
  def handle_call(_, pid), do: {:ok, :ok, pid}
end

:ok = :gen_event.add_handler(:erl_signal_server, Handler, self())
:ok = :os.set_signal(:sigusr2, :handle)
System.cmd("/bin/sh", ["-c", "kill -USR2 #{System.pid()}"])
IO.inspect(receive do {:signal, signal} -> signal after 5000 -> :none end)
System.trap_signal(:sigusr1, fn -> IO.puts("trapped") && :ok end)
:ok = :os.set_signal(:sigusr1, :ignore)
IO.inspect(System.cmd("/bin/sh", ["-c", "kill -TERM $$"]) |> elem(1))
