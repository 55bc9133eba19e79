defmodule PatienceHiddenTest do
  use ExUnit.Case, async: true

  test "nothing is called once too often" do
    {:ok, log} = Agent.start_link(fn -> [] end)

    fun = fn number ->
      Agent.update(log, &[number | &1])
      if number < 2, do: raise("not yet"), else: nil
    end

    assert Patience.attempt(fun, 5) == {nil, 2}
    assert Agent.get(log, & &1) == [2, 1]
  end

  test "all attempts are made before it gives up" do
    {:ok, log} = Agent.start_link(fn -> 0 end)

    fun = fn _number ->
      Agent.update(log, &(&1 + 1))
      raise ArgumentError, "never"
    end

    assert_raise ArgumentError, "never", fn -> Patience.attempt(fun, 4) end
    assert Agent.get(log, & &1) == 4
  end
end
