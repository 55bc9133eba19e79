{:ok, _} = Registry.start_link(keys: :unique, name: Unique)
{:ok, _} = Registry.start_link(keys: :duplicate, name: Topics)
{:ok, _} = Registry.register(Unique, "me", :value)
IO.inspect(match?({:error, {:already_registered, _}}, Registry.register(Unique, "me", 1)))
IO.inspect(Registry.lookup(Unique, "me") |> Enum.map(fn {pid, value} -> {pid == self(), value} end))
name = {:via, Registry, {Unique, "agent"}}
{:ok, _} = Agent.start_link(fn -> :state end, name: name)
IO.inspect(Agent.get(name, & &1))
for n <- 1..3 do
  parent = self()
  spawn_link(fn ->
    {:ok, _} = Registry.register(Topics, "news", n)
    send(parent, :registered)
    receive do message -> send(parent, {n, message}) end
  end)
  receive do :registered -> :ok end
end
Registry.dispatch(Topics, "news", fn entries -> for {pid, _} <- entries, do: send(pid, :hello) end)
IO.inspect(for _ <- 1..3, do: (receive do {n, :hello} -> n end)) |> Enum.sort() |> IO.inspect()
IO.inspect(Registry.count(Unique))
IO.inspect(Registry.keys(Unique, self()))
