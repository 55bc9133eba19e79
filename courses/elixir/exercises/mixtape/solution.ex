defmodule Mixtape do
  @moduledoc "A titled list of songs, each a tuple of its name and its length in seconds."

  defstruct title: "", songs: []

  defimpl Enumerable do
    # Enum sees the names; the walk itself is the list's business.
    def reduce(tape, acc, fun) do
      names = for {name, _seconds} <- tape.songs, do: name
      Enumerable.List.reduce(names, acc, fun)
    end

    def count(tape), do: {:ok, length(tape.songs)}
    def member?(_tape, _name), do: {:error, __MODULE__}
    def slice(_tape), do: {:error, __MODULE__}
  end

  defimpl String.Chars do
    def to_string(%Mixtape{title: title, songs: songs}) do
      seconds = songs |> Enum.map(fn {_name, seconds} -> seconds end) |> Enum.sum()
      "#{title} (#{number_of(songs)}, #{seconds} s)"
    end

    defp number_of([_song]), do: "1 song"
    defp number_of(songs), do: "#{length(songs)} songs"
  end
end
