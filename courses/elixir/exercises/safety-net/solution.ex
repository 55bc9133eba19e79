defmodule SafetyNet do
  @moduledoc "Calls functions that may fall over, without falling over."

  @doc "Calls `fun` and says in a tuple how it ended."
  def run(fun), do: run(fun, fn -> :ok end)

  @doc "As `run/1`, and calls `cleanup` at the end, whatever has happened."
  def run(fun, cleanup) do
    {:ok, fun.()}
  rescue
    error -> {:error, Exception.message(error)}
  catch
    :throw, value -> {:thrown, value}
    :exit, reason -> {:exited, reason}
  after
    cleanup.()
  end
end
