defmodule Rocket do
  @moduledoc "Starts rockets."

  @doc "All numbers from `from` down to 1, and then `:liftoff`."
  def countdown(0), do: [:liftoff]
  def countdown(from) when from > 0, do: [from | countdown(from - 1)]
end
