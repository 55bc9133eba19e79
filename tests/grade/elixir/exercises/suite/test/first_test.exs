defmodule FirstTest do
  use ExUnit.Case
  import ExUnit.CaptureLog
  @moduletag :first

  setup_all do
    {:ok, shared: Tool.new("all")}
  end

  setup :tool
  setup context, do: {:ok, line: context.line, again: context.tool.owner}

  defp tool(context), do: {:ok, tool: Tool.new(context[:owner] || "none")}

  @tag owner: "me"
  test "context", context do
    assert %{tool: %Tool{owner: "me"}, again: "me", first: true, shared: %Tool{owner: "all"}} = context
    on_exit(fn -> Tool.new("end") end)
  end

  @tag :pending
  test "pending", do: flunk("must not run")
  @tag :slow
  test "slow", do: flunk("must not run")
  @tag skip: "not now"
  test "skipped", do: flunk("must not run")

  describe "files" do
    @tag task_id: 3
    test "are there", do: assert(Tool.read("data/words.txt") == "one\ntwo\n")
    @tag task_id: 3
    test "are read by line", do: assert(Enum.to_list(Tool.lines("data/words.txt")) == ["one\n", "two\n"])
    @tag :tmp_dir
    test "temporary", %{tmp_dir: dir}, do: assert(File.dir?(dir))
    test "written", do: assert(Tool.save("out.txt", "x") == :ok)
  end

  for n <- 1..2 do
    @n n
    test "made #{n}", do: assert(Tool.new(@n).owner == @n)
  end

  test "a key is missing" do
    assert_raise KeyError, "key :a not found in: %{}", fn -> Tool.fail() end
  end

  test "logs" do
    require Logger
    assert capture_log(fn -> Logger.error("seen") end) =~ "seen"
  end

  @tag :capture_log
  test "helper", do: assert(Application.get_env(:suite, :helper) == :loaded)
end
