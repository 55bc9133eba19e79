defmodule Worker do
  use GenServer
  def start_link(name), do: GenServer.start_link(__MODULE__, name, name: name)
  def init(name) do
    IO.puts("start #{name}")
    {:ok, name}
  end
  def handle_cast(:crash, _), do: exit(:shutdown)
end

children = for name <- [:one, :two, :three], do: Supervisor.child_spec({Worker, name}, id: name)
{:ok, supervisor} = Supervisor.start_link(children, strategy: :rest_for_one)
IO.inspect(Supervisor.count_children(supervisor))
old = Process.whereis(:two)
monitor = Process.monitor(old)
GenServer.cast(:two, :crash)
reason = receive do {:DOWN, ^monitor, _, _, reason} -> reason end
names = Supervisor.which_children(supervisor) |> Enum.map(&elem(&1, 0))
IO.inspect({reason, names})
IO.inspect(Process.whereis(:two) != old)
IO.inspect(Supervisor.terminate_child(supervisor, :three))
IO.inspect(Supervisor.delete_child(supervisor, :three))
IO.inspect(Supervisor.count_children(supervisor).active)
IO.inspect(Supervisor.stop(supervisor))
