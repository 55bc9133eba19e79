defmodule StubbornHiddenTest do
  use ExUnit.Case, async: true

  test "with a limit of 0 there is only one attempt" do
    test = self()

    fun = fn number ->
      send(test, {:attempt, number, self()})
      receive do: (:go -> exit(:bad))
    end

    keeper = Stubborn.start(fun, 0)
    ref = Process.monitor(keeper)
    assert_receive {:attempt, 1, pid}, 1000
    send(pid, :go)
    assert_receive {:DOWN, ^ref, :process, ^keeper, {:gave_up, :bad}}, 1000
    refute_received {:attempt, 2, _pid}
  end
end
