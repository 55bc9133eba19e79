defmodule Fence do
  @moduledoc "Draws fences."

  @doc """
  A fence with this number of fields.

  Options: `:post`, `:rail`, `:width` (rails in a field) and `:gate` (whether the last field is open).
  """
  def draw(fields, options \\ []) do
    post = Keyword.get(options, :post, "|")
    rail = Keyword.get(options, :rail, "=")
    width = Keyword.get(options, :width, 2)
    gate = Keyword.get(options, :gate, false)

    closed = String.duplicate(rail, width) <> post
    open = String.duplicate(" ", width) <> post
    post <> row(fields, gate, closed, open)
  end

  defp row(0, _gate, _closed, _open), do: ""
  defp row(fields, true, closed, open), do: String.duplicate(closed, fields - 1) <> open
  defp row(fields, false, closed, _open), do: String.duplicate(closed, fields)
end
