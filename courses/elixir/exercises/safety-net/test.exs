defmodule SafetyNetTest do
  use ExUnit.Case, async: true

  test "a function that works" do
    assert SafetyNet.run(fn -> 6 * 7 end) == {:ok, 42}
  end

  test "a function that raises" do
    assert SafetyNet.run(fn -> raise "the rope broke" end) == {:error, "the rope broke"}
  end

  test "the message of any exception is found" do
    assert SafetyNet.run(fn -> raise ArgumentError, "no such trick" end) ==
             {:error, "no such trick"}

    assert {:error, message} = SafetyNet.run(fn -> Map.fetch!(%{}, :rope) end)
    assert message =~ ":rope"
  end

  test "a function that throws" do
    assert SafetyNet.run(fn -> throw({:ball, 3}) end) == {:thrown, {:ball, 3}}
  end

  test "a function that exits" do
    assert SafetyNet.run(fn -> exit(:tired) end) == {:exited, :tired}
  end

  test "nil and false are good values" do
    assert SafetyNet.run(fn -> nil end) == {:ok, nil}
    assert SafetyNet.run(fn -> false end) == {:ok, false}
  end

  test "the cleanup is called in every case and does not change the answer" do
    {:ok, log} = Agent.start_link(fn -> 0 end)

    cleanup = fn ->
      Agent.update(log, &(&1 + 1))
      :swept
    end

    assert SafetyNet.run(fn -> 1 end, cleanup) == {:ok, 1}
    assert SafetyNet.run(fn -> raise "ouch" end, cleanup) == {:error, "ouch"}
    assert SafetyNet.run(fn -> throw(1) end, cleanup) == {:thrown, 1}
    assert SafetyNet.run(fn -> exit(1) end, cleanup) == {:exited, 1}
    assert Agent.get(log, & &1) == 4
  end
end
