defmodule Encore do
  @moduledoc "Does things again."

  @doc "Executes a block `count` times and gives the list of the results."
  defmacro times(count, do: block) do
    quote do
      for _ <- 1..unquote(count)//1, do: unquote(block)
    end
  end
end
