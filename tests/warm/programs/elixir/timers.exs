# test: {"trace": false}
parent = self()
{:ok, _} = :timer.send_after(5, :one)
receive do :one -> IO.puts("one") end
{:ok, every} = :timer.send_interval(3, :tick)
for n <- 1..5, do: (receive do :tick -> IO.puts("tick #{n}") end)
{:ok, :cancel} = :timer.cancel(every)
flush = fn flush -> receive do :tick -> flush.(flush) after 0 -> :ok end end
flush.(flush)
{:ok, _} = :timer.apply_after(2, Kernel, :send, [parent, :applied])
receive do :applied -> IO.puts("applied") end
for n <- [40, 10, 30, 20], do: Process.send_after(self(), {:after, n}, n)
IO.inspect(for _ <- 1..4, do: (receive do {:after, n} -> n end))
ref = :erlang.start_timer(2, self(), :wake)
receive do {:timeout, ^ref, :wake} -> IO.puts("woken") end
for n <- 1..1000, do: Process.send_after(self(), {:many, n}, rem(n, 20))
IO.inspect(Enum.reduce(1..1000, 0, fn _, sum -> receive do {:many, n} -> sum + n end end))
:timer.sleep(3)
IO.inspect(receive do x -> x after 1 -> :nothing end)
IO.inspect(:timer.hms(1, 2, 3))
