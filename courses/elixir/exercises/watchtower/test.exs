defmodule WatchtowerTest do
  use ExUnit.Case, async: true

  test "a function that comes to its end" do
    assert Watchtower.run(fn -> 6 * 7 end) == {:done, 42}
  end

  test "any value is a value" do
    assert Watchtower.run(fn -> nil end) == {:done, nil}
    assert Watchtower.run(fn -> {:failed, :really} end) == {:done, {:failed, :really}}
  end

  test "the function is called in another process" do
    assert {:done, pid} = Watchtower.run(fn -> self() end)
    assert is_pid(pid)
    assert pid != self()
  end

  test "a process that exits" do
    assert Watchtower.run(fn -> exit(:storm) end) == {:failed, :storm}
  end

  test "a process that is killed" do
    assert Watchtower.run(fn -> Process.exit(self(), :kill) end) == {:failed, :killed}
  end

  test "nothing is left in the mailbox" do
    Watchtower.run(fn -> :fine end)
    Watchtower.run(fn -> exit(:bad) end)
    refute_receive _anything, 20
  end

  test "it can watch again and again" do
    assert for(number <- 1..5, do: Watchtower.run(fn -> number end)) ==
             for(number <- 1..5, do: {:done, number})
  end
end
