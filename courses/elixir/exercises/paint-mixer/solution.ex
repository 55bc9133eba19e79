defmodule PaintMixer do
  @moduledoc "Reads colours as they are written on the web."

  @doc "Red, green and blue of a colour such as `#ff8800` or `#f80`."
  def parse(<<"#", r::binary-size(1), g::binary-size(1), b::binary-size(1)>>) do
    parse("#" <> r <> r <> g <> g <> b <> b)
  end

  def parse(text), do: parse(text, text =~ ~r/\A#[0-9a-f]{6}\z/i)

  defp parse(<<"#", r::binary-size(2), g::binary-size(2), b::binary-size(2)>>, true) do
    {:ok, {String.to_integer(r, 16), String.to_integer(g, 16), String.to_integer(b, 16)}}
  end

  defp parse(_text, false), do: :error
end
