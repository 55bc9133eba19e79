defmodule Account do
  @moduledoc "Follows the balance of an account."

  @doc "The balance after all changes, and the lowest that it ever was."
  def follow(start, changes) do
    Enum.reduce(changes, {start, start}, fn change, {balance, lowest} ->
      next = balance + change
      {next, min(next, lowest)}
    end)
  end
end
