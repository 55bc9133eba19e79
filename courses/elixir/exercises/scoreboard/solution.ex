defmodule Scoreboard do
  @moduledoc "Keeps the points of players in an Agent."

  @doc "Starts an empty board."
  def start_link, do: Agent.start_link(fn -> %{} end)

  @doc "Adds points to a player's score and returns the new score."
  def add(board, player, points) do
    Agent.get_and_update(board, fn scores ->
      score = Map.get(scores, player, 0) + points
      {score, Map.put(scores, player, score)}
    end)
  end

  @doc "A player's score, 0 for players without points."
  def score(board, player), do: Agent.get(board, &Map.get(&1, player, 0))

  @doc "All players with their points, the best first, equals by name."
  def leaders(board) do
    board
    |> Agent.get(& &1)
    |> Enum.sort_by(fn {player, points} -> {-points, player} end)
  end
end
