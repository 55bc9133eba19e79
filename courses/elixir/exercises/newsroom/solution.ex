defmodule Newsroom do
  @moduledoc """
  Passes news on to the processes that have subscribed to a topic.

  The state is a map from each topic to the set of its subscribers. Subscribers are monitored, so that
  the ones that end are forgotten.
  """

  use GenServer

  @doc "Starts a newsroom without subscribers."
  def start_link, do: GenServer.start_link(__MODULE__, %{})

  @doc "Enters the calling process for a topic."
  def subscribe(room, topic), do: GenServer.call(room, {:subscribe, topic})

  @doc "Takes the calling process off a topic."
  def unsubscribe(room, topic), do: GenServer.call(room, {:unsubscribe, topic})

  @doc "Sends `{:news, topic, text}` to the topic's subscribers and returns how many there were."
  def publish(room, topic, text), do: GenServer.call(room, {:publish, topic, text})

  @impl true
  def init(topics), do: {:ok, topics}

  @impl true
  def handle_call({:subscribe, topic}, {pid, _tag}, topics) do
    Process.monitor(pid)
    {:reply, :ok, Map.put(topics, topic, MapSet.put(subscribers(topics, topic), pid))}
  end

  def handle_call({:unsubscribe, topic}, {pid, _tag}, topics) do
    {:reply, :ok, Map.put(topics, topic, MapSet.delete(subscribers(topics, topic), pid))}
  end

  def handle_call({:publish, topic, text}, _from, topics) do
    pids = subscribers(topics, topic)
    Enum.each(pids, &send(&1, {:news, topic, text}))
    {:reply, MapSet.size(pids), topics}
  end

  @impl true
  def handle_info({:DOWN, _ref, :process, pid, _reason}, topics) do
    {:noreply, Map.new(topics, fn {topic, pids} -> {topic, MapSet.delete(pids, pid)} end)}
  end

  defp subscribers(topics, topic), do: Map.get(topics, topic, MapSet.new())
end
