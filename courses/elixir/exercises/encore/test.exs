defmodule EncoreTest do
  use ExUnit.Case, async: true

  import Encore

  test "the results come in a list" do
    assert times(3, do: :bravo) == [:bravo, :bravo, :bravo]
  end

  test "the block is really executed each time" do
    times 4 do
      send(self(), :sung)
    end

    for _ <- 1..4, do: assert_received(:sung)
    refute_received :sung
  end

  test "each time it may give something else" do
    {:ok, counter} = Agent.start_link(fn -> 0 end)

    numbers =
      times 3 do
        Agent.get_and_update(counter, &{&1 + 1, &1 + 1})
      end

    assert numbers == [1, 2, 3]
  end

  test "the block sees the variables around it" do
    song = "la"

    assert times(2, do: song <> song) == ["lala", "lala"]
  end

  test "a count of 0 gives an empty list, and nothing is executed" do
    assert times(0, do: send(self(), :sung)) == []
    refute_received :sung
  end

  test "the count may be an expression, executed once" do
    count = fn ->
      send(self(), :counted)
      2
    end

    assert times(count.() + 1, do: :x) == [:x, :x, :x]
    assert_received :counted
    refute_received :counted
  end
end
