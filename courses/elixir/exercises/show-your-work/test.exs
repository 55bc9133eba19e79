defmodule ShowYourWorkTest do
  use ExUnit.Case, async: true

  require ShowYourWork

  test "a sum" do
    assert ShowYourWork.show(2 + 3) == "2 + 3 = 5"
  end

  test "a longer calculation" do
    assert ShowYourWork.show(2 + 3 * 4) == "2 + 3 * 4 = 14"
  end

  test "variables keep their names" do
    eggs = 12
    assert ShowYourWork.show(eggs / 4) == "eggs / 4 = 3.0"
  end

  test "any value is inspected" do
    assert ShowYourWork.show(String.upcase("tea")) == ~S|String.upcase("tea") = "TEA"|
    assert ShowYourWork.show(Enum.sort([3, 1])) == "Enum.sort([3, 1]) = [1, 3]"
  end

  test "the expression is executed exactly once" do
    ShowYourWork.show(send(self(), :executed))
    assert_received :executed
    refute_received :executed
  end

  test "names of the macro and of its user are kept apart" do
    text = "mine"
    value = 1
    assert ShowYourWork.show(value + 1) == "value + 1 = 2"
    assert text == "mine"
  end
end
