defmodule Playlist do
  @moduledoc "Questions about a list of songs. A song is `{title, seconds}`."

  @doc "How long it takes to hear all of them."
  def total(songs) do
    Enum.sum(Enum.map(songs, &seconds/1))
  end

  @doc "The titles of all songs that are shorter than `limit` seconds."
  def short_titles(songs, limit) do
    short = Enum.filter(songs, &(seconds(&1) < limit))
    Enum.map(short, &title/1)
  end

  @doc "The title of the longest song, `nil` if there is none."
  def longest([]), do: nil
  def longest(songs), do: title(Enum.max_by(songs, &seconds/1))

  defp title({title, _}), do: title
  defp seconds({_, seconds}), do: seconds
end
