defmodule Double do
  def double(n), do: n * 2
end
