# test: {"status": "error"}
ExUnit.start(seed: 0)

defmodule FailingTest do
  use ExUnit.Case

  test "a wrong sum" do
    assert 1 + 1 == 3
  end

  test "a wrong list" do
    assert [1, 2, %{"a" => 1}] == [1, 3, %{"a" => 2}]
  end

  test "a pattern" do
    assert {:ok, _} = {:error, "no"}
  end

  test "an exception" do
    raise "boom"
  end

  test "a message that does not come" do
    send(self(), :other)
    assert_receive :this, 10
  end

  test "a good one" do
    assert true
  end
end
