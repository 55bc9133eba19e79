{:ok, _} = DynamicSupervisor.start_link(name: Pool, strategy: :one_for_one)
pids = for n <- 1..10 do
  {:ok, pid} = DynamicSupervisor.start_child(Pool, {Agent, fn -> n end})
  pid
end
IO.inspect(Enum.map(pids, &Agent.get(&1, fn n -> n end)))
IO.inspect(DynamicSupervisor.count_children(Pool))
:ok = DynamicSupervisor.terminate_child(Pool, hd(pids))
IO.inspect(DynamicSupervisor.count_children(Pool).workers)
IO.inspect(DynamicSupervisor.start_child(Pool, %{id: :bad, start: {Agent, :start_link, [fn -> raise "no" end]}}) |> elem(0))
IO.inspect(DynamicSupervisor.stop(Pool))
{:ok, _} = PartitionSupervisor.start_link(child_spec: {Agent, fn -> :p end}, name: Parts, partitions: 3)
IO.inspect(PartitionSupervisor.partitions(Parts))
IO.inspect(Agent.get({:via, PartitionSupervisor, {Parts, 7}}, & &1))
