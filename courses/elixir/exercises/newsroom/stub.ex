defmodule Newsroom do
  use GenServer

  def start_link, do: GenServer.start_link(__MODULE__, %{})

  def subscribe(room, topic), do: GenServer.call(room, {:subscribe, topic})
  def unsubscribe(room, topic), do: GenServer.call(room, {:unsubscribe, topic})
  def publish(room, topic, text), do: GenServer.call(room, {:publish, topic, text})

  @impl true
  def init(topics), do: {:ok, topics}

  @impl true
  def handle_call(_question, _from, topics) do
    {:reply, :ok, topics}
  end
end
