# attack: uses the network from Elixir: TCP, UDP, names, distribution
# expect: status=ok stdout=contained
# host: never
checks = [
  connect: fn -> :gen_tcp.connect({127, 0, 0, 1}, 4080, [], 1000) end,
  listen: fn -> :gen_tcp.listen(0, []) end,
  udp: fn -> :gen_udp.open(0) end,
  name: fn -> :inet.getaddr(~c"localhost.example", :inet) end,
  interfaces: fn -> :inet.getifaddrs() end,
  distribution: fn -> Node.start(:attack, :shortnames) end
]

for {name, check} <- checks do
  case (try do check.() catch kind, why -> {:error, {kind, why}} end) do
    {:error, _} -> :ok
    other -> IO.puts("BREACH: #{name} gave #{inspect(other)}")
  end
end

IO.puts("contained")
