defmodule Paint do
  def litres(width, height, coats) do
    width * height * coats
  end
end
