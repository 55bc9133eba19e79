defmodule Thermostat do
  def advice(current, target) do
    # Compare the two temperatures and say what to do.
    {current, target}
  end
end
