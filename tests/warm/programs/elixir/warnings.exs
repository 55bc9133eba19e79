defmodule Noisy do
  def unused(a), do: :ok
  defp never_called, do: 1
  def calls_missing, do: Enum.missing(1)
  def shadow do
    x = 1
    x = 2
    x
  end
end

IO.inspect(Noisy.unused(1))
IO.inspect(Noisy.shadow())
