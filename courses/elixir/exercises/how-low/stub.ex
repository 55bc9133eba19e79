defmodule Account do
  def follow(start, changes) do
    Enum.reduce(changes, {start, start}, fn change, {balance, lowest} ->
      {balance + change, lowest}
    end)
  end
end
