defmodule Duel do
  def winner({name, :fire}, {_, :wind}), do: name
  def winner({_, spell}, {_, spell}), do: :draw
  def winner(_, {name, _}), do: name
end
