defmodule Playlist do
  def total(songs) do
    length(songs)
  end

  def short_titles(songs, limit) do
    Enum.filter(songs, fn {_, seconds} -> seconds < limit end)
  end

  def longest(songs) do
    List.first(songs)
  end
end
