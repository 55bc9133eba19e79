defmodule ElectionTest do
  use ExUnit.Case, async: true

  test "the most votes win" do
    assert Election.result(["Ada", "Bob", "Ada"]) == {:winner, "Ada", 2}
  end

  test "one vote is enough if it is the only one" do
    assert Election.result(["Bob"]) == {:winner, "Bob", 1}
  end

  test "a tie of two, in alphabetical order" do
    assert Election.result(["Zoe", "Ada", "Zoe", "Ada", "Bob"]) == {:tie, ["Ada", "Zoe"]}
  end

  test "everybody voted for somebody else" do
    assert Election.result(["C", "A", "B"]) == {:tie, ["A", "B", "C"]}
  end

  test "no votes" do
    assert Election.result([]) == :nobody
  end

  test "the order of the votes does not matter" do
    votes = ["Ada", "Bob", "Bob", "Ada", "Bob"]
    assert Election.result(votes) == Election.result(Enum.reverse(votes))
    assert Election.result(votes) == {:winner, "Bob", 3}
  end
end
