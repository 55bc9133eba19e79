defmodule NewsroomTest do
  use ExUnit.Case, async: true

  setup do
    {:ok, room} = Newsroom.start_link()
    %{room: room}
  end

  # A process that subscribes, tells us so, and ends when it is told to.
  defp reader(room, topic) do
    test = self()

    pid =
      spawn(fn ->
        :ok = Newsroom.subscribe(room, topic)
        send(test, {:ready, self()})
        receive do: (:done -> :ok)
      end)

    assert_receive {:ready, ^pid}, 1000
    pid
  end

  # The room learns of an end a moment later than we do.
  defp eventually(fun, tries \\ 200) do
    cond do
      fun.() -> true
      tries == 0 -> false
      true -> Process.sleep(5) && eventually(fun, tries - 1)
    end
  end

  test "without subscribers nobody gets the news", %{room: room} do
    assert Newsroom.publish(room, :weather, "rain") == 0
  end

  test "a subscriber gets the news", %{room: room} do
    assert Newsroom.subscribe(room, :weather) == :ok
    assert Newsroom.publish(room, :weather, "rain") == 1
    assert_receive {:news, :weather, "rain"}, 1000
  end

  test "only of the topics that were asked for", %{room: room} do
    Newsroom.subscribe(room, :weather)
    assert Newsroom.publish(room, :sports, "two to one") == 0
    refute_receive {:news, _topic, _text}, 20
  end

  test "subscribing twice is the same as once", %{room: room} do
    Newsroom.subscribe(room, :weather)
    Newsroom.subscribe(room, :weather)
    assert Newsroom.publish(room, :weather, "sun") == 1
    assert_receive {:news, :weather, "sun"}, 1000
    refute_receive {:news, :weather, "sun"}, 20
  end

  test "whoever unsubscribes gets no more", %{room: room} do
    Newsroom.subscribe(room, :weather)
    assert Newsroom.unsubscribe(room, :weather) == :ok
    assert Newsroom.unsubscribe(room, :never_subscribed) == :ok
    assert Newsroom.publish(room, :weather, "snow") == 0
  end

  test "several readers are all reached", %{room: room} do
    reader(room, :weather)
    reader(room, :weather)
    Newsroom.subscribe(room, :weather)
    assert Newsroom.publish(room, :weather, "fog") == 3
  end

  test "a reader who has ended is forgotten", %{room: room} do
    pid = reader(room, :weather)
    assert Newsroom.publish(room, :weather, "fog") == 1
    send(pid, :done)
    assert eventually(fn -> Newsroom.publish(room, :weather, "fog") == 0 end)
  end
end
