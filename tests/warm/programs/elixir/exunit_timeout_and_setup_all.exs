# test: {"status": "error"}
ExUnit.start(seed: 0, trace: false)

defmodule SlowTest do
  use ExUnit.Case

  setup_all do
    on_exit(fn -> IO.puts("all done") end)
    %{shared: 7}
  end

  test "shares", %{shared: shared} do
    on_exit(fn -> IO.puts("one done") end)
    assert shared == 7
  end

  @tag timeout: 30
  test "takes too long" do
    Process.sleep(:infinity)
  end
end
