defmodule SnackMachineHiddenTest do
  use ExUnit.Case, async: true

  test "a whole visit adds up" do
    events = [{:coin, 100}, {:coin, 3}, {:choose, 150}, {:coin, 100}, {:choose, 150}, :refund]

    {credit, answers} =
      Enum.reduce(events, {0, []}, fn event, {credit, answers} ->
        {credit, answer} = SnackMachine.step(credit, event)
        {credit, [answer | answers]}
      end)

    assert credit == 0

    assert Enum.reverse(answers) ==
             [:ok, {:reject, 3}, {:missing, 50}, :ok, {:snack, 50}, {:back, 0}]
  end
end
