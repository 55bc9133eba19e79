defmodule MachineHallHiddenTest do
  use ExUnit.Case, async: true

  test "an idle machine in a chain makes no difference" do
    shout = fn text -> String.upcase(text) end
    assert MachineHall.chain(MachineHall.idle(), shout).("tea") == "TEA"
    assert MachineHall.chain(shout, MachineHall.idle()).("tea") == "TEA"
  end

  test "a machine may change the kind of value" do
    assert MachineHall.chain(fn x -> "#{x}" end, fn text -> text <> "0" end).(4) == "40"
  end
end
