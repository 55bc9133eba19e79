defmodule Treasure do
  @moduledoc "Divides a treasure so that not a coin is lost."

  @doc "Returns `{:ok, shares}`, the larger shares first, or `{:error, :nobody}`."
  def share(coins, pirates) when pirates > 0 do
    share = div(coins, pirates)
    left_over = rem(coins, pirates)

    {:ok, List.duplicate(share + 1, left_over) ++ List.duplicate(share, pirates - left_over)}
  end

  def share(_coins, _pirates), do: {:error, :nobody}

  @doc "As `share/2`, but returns the bare list and raises an `ArgumentError` if there is nobody."
  def share!(coins, pirates) do
    case share(coins, pirates) do
      {:ok, shares} -> shares
      {:error, :nobody} -> raise ArgumentError, "cannot share a treasure among #{pirates} pirates"
    end
  end
end
