defmodule MachineHallTest do
  use ExUnit.Case, async: true

  test "twice adds one two times" do
    assert MachineHall.twice(fn x -> x + 1 end, 10) == 12
  end

  test "twice works with text as well" do
    assert MachineHall.twice(fn text -> text <> "!" end, "Hey") == "Hey!!"
  end

  test "chain uses the first machine first" do
    machine = MachineHall.chain(fn x -> x + 1 end, fn x -> x * 10 end)
    assert machine.(2) == 30
  end

  test "the order of a chain matters" do
    machine = MachineHall.chain(fn x -> x * 10 end, fn x -> x + 1 end)
    assert machine.(2) == 21
  end

  test "chains can be chained" do
    add = fn x -> x + 1 end
    machine = MachineHall.chain(MachineHall.chain(add, add), add)
    assert machine.(0) == 3
  end

  test "the idle machine returns what it gets" do
    machine = MachineHall.idle()
    assert machine.({:box, 7}) == {:box, 7}
  end
end
