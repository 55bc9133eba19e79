defmodule Stubborn do
  def start(fun, limit) do
    # The keeper must call fun with 1, and again with 2 if that fails, and so on.
    spawn(fn -> exit({:not_stubborn, fun, limit}) end)
  end
end
