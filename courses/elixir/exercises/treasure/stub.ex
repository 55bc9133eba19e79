defmodule Treasure do
  def share(coins, pirates) do
    {:error, {coins, pirates}}
  end

  def share!(coins, pirates) do
    share(coins, pirates)
  end
end
