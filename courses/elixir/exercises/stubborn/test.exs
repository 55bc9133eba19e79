defmodule StubbornTest do
  use ExUnit.Case, async: true

  # A function that reports each attempt and fails until the given one.
  defp works_at(good) do
    test = self()

    fn number ->
      send(test, {:attempt, number})
      if number < good, do: exit({:bad_luck, number})
    end
  end

  defp keep(fun, limit) do
    keeper = Stubborn.start(fun, limit)
    Process.monitor(keeper)
    keeper
  end

  test "what works at once is called once" do
    keeper = keep(works_at(1), 3)
    assert_receive {:DOWN, _ref, :process, ^keeper, reason}, 1000
    assert reason in [:normal, :noproc]
    assert_received {:attempt, 1}
    refute_received {:attempt, 2}
  end

  test "what fails is started again until it works" do
    keeper = keep(works_at(3), 5)
    for number <- 1..3, do: assert_receive({:attempt, ^number}, 1000)
    assert_receive {:DOWN, _ref, :process, ^keeper, reason}, 1000
    assert reason in [:normal, :noproc]
    refute_received {:attempt, 4}
  end

  test "the limit counts the new starts, not the first" do
    keep(works_at(3), 2)
    for number <- 1..3, do: assert_receive({:attempt, ^number}, 1000)
  end

  test "the keeper gives up with the last reason" do
    test = self()

    # The function waits at its last attempt, so that the monitor is there in time.
    fun = fn number ->
      send(test, {:attempt, number, self()})
      receive do: (:go -> exit({:bad_luck, number}))
    end

    keeper = keep(fun, 1)
    assert_receive {:attempt, 1, first}, 1000
    send(first, :go)
    assert_receive {:attempt, 2, second}, 1000
    assert first != second
    send(second, :go)
    assert_receive {:DOWN, _ref, :process, ^keeper, {:gave_up, {:bad_luck, 2}}}, 1000
  end

  test "whoever starts a keeper is not pulled down by it" do
    keeper = keep(fn _number -> exit(:hopeless) end, 0)
    assert_receive {:DOWN, _ref, :process, ^keeper, _reason}, 1000
    assert Process.alive?(self())
  end

  test "a killed process is started again, too" do
    test = self()

    fun = fn number ->
      send(test, {:attempt, number, self()})
      if number == 1, do: receive(do: (:never -> :ok))
    end

    keep(fun, 1)
    assert_receive {:attempt, 1, pid}, 1000
    Process.exit(pid, :kill)
    assert_receive {:attempt, 2, _pid}, 1000
  end
end
