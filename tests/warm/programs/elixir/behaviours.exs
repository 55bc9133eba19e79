defmodule Parser do
  @callback parse(String.t()) :: {:ok, term} | :error
  @callback extensions() :: [String.t()]
  @optional_callbacks extensions: 0
end

defmodule Numbers do
  @behaviour Parser
  @impl Parser
  def parse(text), do: with({n, ""} <- Integer.parse(text), do: {:ok, n})
end

defmodule Incomplete do
  @behaviour Parser
end

IO.inspect(Numbers.parse("12"))
IO.inspect(Numbers.parse("12x"))
IO.inspect(Parser.behaviour_info(:callbacks))
