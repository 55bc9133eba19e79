defmodule SafetyNet do
  def run(fun) do
    run(fun, fn -> :ok end)
  end

  def run(fun, cleanup) do
    # What may happen when you call fun?
    value = fun.()
    cleanup.()
    value
  end
end
