defmodule Stack do
  use GenServer

  def start_link(items), do: GenServer.start_link(__MODULE__, items, name: __MODULE__)
  def push(item), do: GenServer.cast(__MODULE__, {:push, item})
  def pop, do: GenServer.call(__MODULE__, :pop)

  @impl true
  def init(items), do: {:ok, items, {:continue, :greet}}
  @impl true
  def handle_continue(:greet, items) do
    IO.puts("ready with #{length(items)}")
    {:noreply, items}
  end

  @impl true
  def handle_call(:pop, _from, []), do: {:reply, :empty, []}
  def handle_call(:pop, _from, [head | tail]), do: {:reply, head, tail}
  def handle_call(:slow, from, items) do
    Process.send_after(self(), {:answer, from}, 10)
    {:noreply, items}
  end

  @impl true
  def handle_cast({:push, item}, items), do: {:noreply, [item | items]}
  @impl true
  def handle_info({:answer, from}, items) do
    GenServer.reply(from, :at_last)
    {:noreply, items}
  end

  @impl true
  def terminate(reason, items), do: IO.inspect({reason, items})
end

{:ok, _} = Stack.start_link([:first])
Stack.push(:second)
IO.inspect(Stack.pop())
IO.inspect(Stack.pop())
IO.inspect(Stack.pop())
IO.inspect(GenServer.call(Stack, :slow))
IO.inspect(catch_exit = try do GenServer.call(:nobody, :x) catch :exit, reason -> reason end)
IO.inspect(elem(catch_exit, 0))
IO.inspect(:sys.get_state(Stack))
GenServer.stop(Stack)
