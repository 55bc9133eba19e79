defmodule Scoreboard do
  def start_link do
    Agent.start_link(fn -> %{} end)
  end

  def add(_board, _player, points) do
    points
  end

  def score(_board, _player) do
    0
  end

  def leaders(_board) do
    []
  end
end
