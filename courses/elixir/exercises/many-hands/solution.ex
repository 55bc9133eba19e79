defmodule ManyHands do
  @moduledoc "Spreads work over processes."

  @doc "As `Enum.map/2`, with one process for each element."
  def map(list, fun) do
    list
    |> Enum.map(&start(&1, fun, self()))
    |> Enum.map(&collect/1)
  end

  defp start(element, fun, caller) do
    ref = make_ref()
    spawn(fn -> send(caller, {ref, fun.(element)}) end)
    ref
  end

  defp collect(ref) do
    receive do
      {^ref, value} -> value
    end
  end
end
