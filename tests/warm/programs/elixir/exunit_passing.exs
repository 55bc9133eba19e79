ExUnit.start(seed: 0)

defmodule ListTest do
  use ExUnit.Case, async: true
  doctest Enum, import: true, only: [sum: 1]

  setup do
    {:ok, list: [1, 2, 3]}
  end

  describe "sums" do
    test "adds up", %{list: list} do
      assert Enum.sum(list) == 6
    end

    test "is 0 for nothing" do
      refute Enum.sum([]) > 0
    end
  end

  test "raises" do
    assert_raise ArgumentError, fn -> String.to_integer(hd(["x"])) end
  end

  test "receives" do
    send(self(), {:hello, 1})
    assert_receive {:hello, n} when n > 0
  end

  test "captures" do
    assert ExUnit.CaptureIO.capture_io(fn -> IO.puts("x") end) == "x\n"
  end

  @tag :skip
  test "is skipped" do
    flunk()
  end
end

ExUnit.run() |> IO.inspect()
