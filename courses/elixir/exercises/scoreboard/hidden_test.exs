defmodule ScoreboardHiddenTest do
  use ExUnit.Case, async: true

  test "no point is lost when many processes add at once" do
    {:ok, board} = Scoreboard.start_link()

    1..20
    |> Enum.map(fn _ -> Task.async(fn -> Scoreboard.add(board, "Mia", 1) end) end)
    |> Task.await_many()
    |> Enum.sort()
    |> then(&assert(&1 == Enum.to_list(1..20)))

    assert Scoreboard.score(board, "Mia") == 20
  end
end
