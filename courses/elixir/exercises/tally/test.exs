defmodule TallyTest do
  use ExUnit.Case, async: true

  defp with_votes(names) do
    tally = Tally.start()
    for name <- names, do: Tally.vote(tally, name)
    tally
  end

  test "nobody has votes at first" do
    assert Tally.count(Tally.start(), "Ada") == 0
  end

  test "a vote is answered with :ok" do
    assert Tally.vote(Tally.start(), "Ada") == :ok
  end

  test "votes are counted by name" do
    tally = with_votes(["Ada", "Joe", "Ada"])
    assert Tally.count(tally, "Ada") == 2
    assert Tally.count(tally, "Joe") == 1
    assert Tally.count(tally, "Eve") == 0
  end

  test "two tallies know nothing of each other" do
    busy = with_votes(["Ada"])
    quiet = with_votes([])
    assert Tally.count(busy, "Ada") == 1
    assert Tally.count(quiet, "Ada") == 0
  end

  test "the winner" do
    assert Tally.winners(with_votes(["Joe", "Ada", "Joe"])) == ["Joe"]
  end

  test "winners with the same number are sorted" do
    assert Tally.winners(with_votes(["Joe", "Ada", "Eve", "Ada", "Joe"])) == ["Ada", "Joe"]
  end

  test "without votes there is no winner" do
    assert Tally.winners(Tally.start()) == []
  end

  test "votes from several processes are all counted" do
    tally = Tally.start()
    tasks = for _ <- 1..10, do: Task.async(fn -> Tally.vote(tally, "Ada") end)
    Task.await_many(tasks)
    assert Tally.count(tally, "Ada") == 10
  end
end
