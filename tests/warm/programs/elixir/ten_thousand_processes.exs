parent = self()
pids = for n <- 1..10_000 do
  spawn(fn -> receive do :go -> send(parent, n) end end)
end
IO.inspect(length(Enum.uniq(pids)))
Enum.each(pids, &send(&1, :go))
sum = Enum.reduce(pids, 0, fn _, sum -> receive do n -> sum + n end end)
IO.inspect(sum)
last = Enum.reduce(1..10_000, self(), fn _, next -> spawn(fn -> receive do n -> send(next, n + 1) end end) end)
send(last, 0)
IO.inspect(receive do n -> n end)
