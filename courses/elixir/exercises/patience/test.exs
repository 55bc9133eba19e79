defmodule PatienceTest do
  use ExUnit.Case, async: true

  defp works_at(good) do
    fn number ->
      if number < good, do: raise("attempt #{number} failed"), else: "hello"
    end
  end

  test "what works at once is called once" do
    assert Patience.attempt(works_at(1), 3) == {"hello", 1}
  end

  test "what works later is called again" do
    assert Patience.attempt(works_at(3), 5) == {"hello", 3}
  end

  test "the last attempt counts too" do
    assert Patience.attempt(works_at(3), 3) == {"hello", 3}
  end

  test "the exception of the last attempt is raised on" do
    assert_raise RuntimeError, "attempt 3 failed", fn ->
      Patience.attempt(works_at(9), 3)
    end
  end

  test "the exception keeps its kind" do
    assert_raise KeyError, fn ->
      Patience.attempt(fn _number -> Keyword.fetch!([], :luck) end, 2)
    end
  end

  test "with one attempt there is no second" do
    assert_raise RuntimeError, "attempt 1 failed", fn ->
      Patience.attempt(works_at(2), 1)
    end
  end
end
