defmodule SnackMachine do
  def step(credit, event) do
    # Return {new_credit, what_the_machine_does}.
    {credit, event}
  end
end
