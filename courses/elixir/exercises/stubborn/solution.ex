defmodule Stubborn do
  @moduledoc "A supervisor in a few lines."

  @doc """
  Spawns a keeper that calls `fun` with 1, 2 and so on in linked processes, until one ends normally.

  After `limit` new starts the keeper gives up and exits with `{:gave_up, reason}`.
  """
  def start(fun, limit) do
    spawn(fn ->
      Process.flag(:trap_exit, true)
      attempt(fun, 1, limit)
    end)
  end

  defp attempt(fun, number, limit) do
    pid = spawn_link(fn -> fun.(number) end)

    receive do
      {:EXIT, ^pid, :normal} -> :ok
      {:EXIT, ^pid, _reason} when number <= limit -> attempt(fun, number + 1, limit)
      {:EXIT, ^pid, reason} -> exit({:gave_up, reason})
    end
  end
end
