defmodule SpeakerTest do
  use ExUnit.Case
  import ExUnit.CaptureIO

  test "says", do: assert(capture_io(fn -> Speaker.say("hi ż") end) == "hi ż\n")

  test "warns on standard error" do
    assert capture_io(:stderr, fn -> Speaker.warn("oh") end) == "oh\n"
  end

  test "asks" do
    assert capture_io("Ada\n", fn -> send(self(), {:answer, Speaker.ask("name? ")}) end) == "name? "
    assert_received {:answer, "Ada\n"}
  end

  test "shows and gives back" do
    assert with_io(fn -> Speaker.show([1, :a]) end) == {[1, :a], "seen: [1, :a]\n"}
  end

  test "formats", do: assert(capture_io(fn -> Speaker.format(7) end) == "7|\n")
  test "reads all", do: assert(with_io("a\nb", fn -> Speaker.read_all() end) == {"a\nb", ""})

  test "prints in a failing or passing test" do
    IO.puts("from the test")
    Speaker.say("from the solution")
  end
end
