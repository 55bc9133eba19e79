defmodule Patience do
  @moduledoc "Tries things more than once."

  @doc """
  Calls `fun` with 1, 2, 3 and so on until a call does not raise, at most `times` times.

  Returns `{value, attempts}`. The exception of the last attempt is raised on.
  """
  def attempt(fun, times), do: try_from(fun, 1, times)

  defp try_from(fun, number, times) do
    {fun.(number), number}
  rescue
    error ->
      if number < times do
        try_from(fun, number + 1, times)
      else
        reraise error, __STACKTRACE__
      end
  end
end
