defmodule MachineHall do
  @moduledoc "Works with machines, which are functions of one parameter."

  @doc "Puts the value through the machine two times."
  def twice(machine, value) do
    machine.(machine.(value))
  end

  @doc "A machine made of two: first the one, then the other."
  def chain(first, second) do
    fn value -> second.(first.(value)) end
  end

  @doc "A machine that changes nothing."
  def idle do
    fn value -> value end
  end
end
