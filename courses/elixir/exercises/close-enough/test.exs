defmodule CloseEnoughTest do
  use ExUnit.Case, async: true

  # The exception's own message has lines of its own around it; the field holds the bare text.
  defp failure(fun) do
    assert_raise(ExUnit.AssertionError, fun).message
  end

  test "a value that is close is returned" do
    assert CloseEnough.assert_close(3.05, 3.0, 0.1) == 3.05
    assert CloseEnough.assert_close(2.95, 3.0, 0.1) == 2.95
  end

  test "the tolerance itself is still close" do
    assert CloseEnough.assert_close(12, 10, 2) == 12
    assert CloseEnough.assert_close(8, 10, 2) == 8
  end

  test "a value that is too far off fails with a message" do
    assert failure(fn -> CloseEnough.assert_close(3.2, 3.0, 0.1) end) ==
             "3.2 is not within 0.1 of 3.0"

    assert failure(fn -> CloseEnough.assert_close(7, 10, 2) end) == "7 is not within 2 of 10"
  end

  test "a sorted list is returned" do
    assert CloseEnough.assert_sorted([1, 2, 5, 9]) == [1, 2, 5, 9]
  end

  test "equal neighbours are in order" do
    assert CloseEnough.assert_sorted([1, 1, 2, 2]) == [1, 1, 2, 2]
  end

  test "short lists are always in order" do
    assert CloseEnough.assert_sorted([]) == []
    assert CloseEnough.assert_sorted([7]) == [7]
  end

  test "the first two that are wrong are named" do
    assert failure(fn -> CloseEnough.assert_sorted([1, 5, 2, 9, 3]) end) == "5 stands before 2"
  end
end
