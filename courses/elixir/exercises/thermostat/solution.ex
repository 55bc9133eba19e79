defmodule Thermostat do
  @moduledoc "Says what the heating should do."

  @doc """
  Compares the temperature in the room with the one asked for.

  The conditions are tried from top to bottom, so the coldest case stands first.
  """
  def advice(current, target) do
    missing = target - current

    cond do
      missing > 5 -> :heat_fully
      missing > 1 -> :heat
      missing < -1 -> :cool
      true -> :rest
    end
  end
end
