defmodule ManyHandsTest do
  use ExUnit.Case, async: true

  test "it gives what Enum.map gives" do
    assert ManyHands.map([1, 2, 3], &(&1 * 10)) == [10, 20, 30]
  end

  test "an empty list" do
    assert ManyHands.map([], &(&1 * 10)) == []
  end

  test "equal elements stay where they are" do
    assert ManyHands.map(["b", "a", "b"], &String.upcase/1) == ["B", "A", "B"]
  end

  test "the order is kept when the first takes longest" do
    work = fn milliseconds ->
      Process.sleep(milliseconds)
      milliseconds
    end

    assert ManyHands.map([40, 20, 0], work) == [40, 20, 0]
  end

  test "every element has a process of its own" do
    pids = ManyHands.map([1, 2, 3], fn _ -> self() end)
    assert length(Enum.uniq(pids)) == 3
    refute self() in pids
  end

  test "the processes work at the same time" do
    # Each waits until all three have arrived; one after the other, nobody would ever go on.
    {:ok, door} = Agent.start_link(fn -> 0 end)

    work = fn element ->
      Agent.update(door, &(&1 + 1))
      wait_for(door, 3)
      element
    end

    assert ManyHands.map([:a, :b, :c], work) == [:a, :b, :c]
  end

  test "other messages stay in the mailbox" do
    send(self(), :a_postcard)
    send(self(), {make_ref(), 1})
    assert ManyHands.map([7], & &1) == [7]
    assert_received :a_postcard
    assert_received {_ref, 1}
  end

  defp wait_for(door, number) do
    if Agent.get(door, & &1) < number do
      Process.sleep(1)
      wait_for(door, number)
    end
  end
end
