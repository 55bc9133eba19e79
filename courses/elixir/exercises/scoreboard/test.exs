defmodule ScoreboardTest do
  use ExUnit.Case, async: true

  setup do
    {:ok, board} = Scoreboard.start_link()
    %{board: board}
  end

  test "unknown players have no points", %{board: board} do
    assert Scoreboard.score(board, "Mia") == 0
  end

  test "points are added up, and the new score is returned", %{board: board} do
    assert Scoreboard.add(board, "Mia", 5) == 5
    assert Scoreboard.add(board, "Mia", 7) == 12
    assert Scoreboard.score(board, "Mia") == 12
  end

  test "players are kept apart", %{board: board} do
    Scoreboard.add(board, "Mia", 5)
    Scoreboard.add(board, "Tom", 1)
    assert Scoreboard.score(board, "Tom") == 1
  end

  test "boards are kept apart", %{board: board} do
    {:ok, other} = Scoreboard.start_link()
    Scoreboard.add(board, "Mia", 5)
    assert Scoreboard.score(other, "Mia") == 0
  end

  test "the best player leads", %{board: board} do
    Scoreboard.add(board, "Tom", 3)
    Scoreboard.add(board, "Mia", 9)
    assert Scoreboard.leaders(board) == [{"Mia", 9}, {"Tom", 3}]
  end

  test "equals stand in the order of their names", %{board: board} do
    for player <- ["Zoe", "Ali", "Mia"], do: Scoreboard.add(board, player, 4)
    Scoreboard.add(board, "Mia", -1)
    assert Scoreboard.leaders(board) == [{"Ali", 4}, {"Zoe", 4}, {"Mia", 3}]
  end

  test "an empty board has no leaders", %{board: board} do
    assert Scoreboard.leaders(board) == []
  end
end
