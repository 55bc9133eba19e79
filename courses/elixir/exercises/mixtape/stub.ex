defmodule Mixtape do
  defstruct title: "", songs: []

  defimpl Enumerable do
    def count(_tape), do: {:ok, 0}
    def member?(_tape, _name), do: {:error, __MODULE__}
    def slice(_tape), do: {:error, __MODULE__}
    def reduce(tape, acc, fun), do: Enumerable.List.reduce(tape.songs, acc, fun)
  end

  defimpl String.Chars do
    def to_string(tape), do: tape.title
  end
end
