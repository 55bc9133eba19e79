defmodule NewsroomHiddenTest do
  use ExUnit.Case, async: true

  test "an ended reader is forgotten in all topics, and the others are not" do
    {:ok, room} = Newsroom.start_link()
    test = self()
    Newsroom.subscribe(room, :a)

    pid =
      spawn(fn ->
        for topic <- [:a, :b], do: Newsroom.subscribe(room, topic)
        send(test, :ready)
        receive do: (:done -> exit(:bad_mood))
      end)

    assert_receive :ready, 1000
    assert Newsroom.publish(room, :a, "x") == 2
    send(pid, :done)

    counts = fn -> {Newsroom.publish(room, :a, "y"), Newsroom.publish(room, :b, "y")} end

    assert Enum.find_value(1..200, fn _ ->
             Process.sleep(5)
             counts.() == {1, 0}
           end)
  end
end
