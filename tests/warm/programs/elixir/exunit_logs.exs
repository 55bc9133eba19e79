# test: {"status": "error"}
ExUnit.start(seed: 0, capture_log: true)

defmodule LogTest do
  use ExUnit.Case
  require Logger

  test "logs are shown of a failing test" do
    Logger.warning("look here")
    assert false
  end

  test "and not of a good one" do
    Logger.warning("nobody sees this")
    assert ExUnit.CaptureLog.capture_log(fn -> Logger.error("caught") end) =~ "caught"
  end
end
