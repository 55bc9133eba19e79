defmodule SnackMachineTest do
  use ExUnit.Case, async: true

  test "a coin is added to the credit" do
    assert SnackMachine.step(0, {:coin, 50}) == {50, :ok}
    assert SnackMachine.step(50, {:coin, 200}) == {250, :ok}
  end

  test "a coin the machine does not know is rejected" do
    assert SnackMachine.step(30, {:coin, 5}) == {30, {:reject, 5}}
  end

  test "a snack comes with the change" do
    assert SnackMachine.step(200, {:choose, 120}) == {0, {:snack, 80}}
  end

  test "exactly the price is enough" do
    assert SnackMachine.step(120, {:choose, 120}) == {0, {:snack, 0}}
  end

  test "too little credit is kept, and the machine says what is missing" do
    assert SnackMachine.step(100, {:choose, 120}) == {100, {:missing, 20}}
  end

  test "a refund empties the machine" do
    assert SnackMachine.step(70, :refund) == {0, {:back, 70}}
    assert SnackMachine.step(0, :refund) == {0, {:back, 0}}
  end

  test "everything else is ignored" do
    assert SnackMachine.step(70, :kick) == {70, :ignored}
    assert SnackMachine.step(70, {:shake, 3}) == {70, :ignored}
  end
end
