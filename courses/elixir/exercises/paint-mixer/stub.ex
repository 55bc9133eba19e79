defmodule PaintMixer do
  def parse(<<"#", r::binary-size(2), g::binary-size(2), b::binary-size(2)>>) do
    {:ok, {r, g, b}}
  end

  def parse(_text), do: :error
end
