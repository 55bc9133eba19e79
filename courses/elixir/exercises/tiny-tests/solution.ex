defmodule TinyTests do
  @moduledoc "The heart of ExUnit in a few lines."

  @doc "Calls all test functions, in order, and says how each ended."
  def run(tests) do
    for {name, fun} <- tests, do: {name, outcome(fun)}
  end

  @doc ~S(A line such as "4 tests, 1 failed, 1 error".)
  def summary(results) do
    failed = Enum.count(results, &match?({_name, {:failed, _message}}, &1))
    errors = Enum.count(results, &match?({_name, {:error, _message}}, &1))

    "#{plural(length(results), "test")}, #{failed} failed, #{plural(errors, "error")}"
  end

  defp outcome(fun) do
    fun.()
    :passed
  rescue
    error in ExUnit.AssertionError -> {:failed, error.message}
    error -> {:error, Exception.message(error)}
  catch
    :throw, _value -> {:error, "thrown"}
    :exit, _reason -> {:error, "exited"}
  end

  defp plural(1, word), do: "1 #{word}"
  defp plural(number, word), do: "#{number} #{word}s"
end
