defmodule ShelfTest do
  use ExUnit.Case, async: true

  describe "longest/1" do
    test "of none", do: assert(Shelf.longest([]) == nil)
    test "of some", do: assert(Shelf.longest(["It", "Dracula", "Emma"]) == "Dracula")
  end

  @tag task_id: 2
  test "keep calls back with each item" do
    parent = self()

    kept =
      Shelf.keep([1, 2, 3, 4], fn n ->
        send(parent, {:asked, n, self() == parent})
        rem(n, 2) == 0
      end)

    assert kept == [2, 4]
    for n <- 1..4, do: assert_received({:asked, ^n, true})
  end

  test "fold keeps the order" do
    assert Shelf.fold(["a", "b", "c"], "", &(&2 <> &1)) == "abc"
  end

  test "groups" do
    assert %{"E" => ["Emma", "Emil"], "I" => ["It"]} = Shelf.by_initial(["Emma", "It", "Emil"])
  end

  test "many numbers cross" do
    numbers = Shelf.numbers(50_000)
    assert length(numbers) == 50_000
    assert Enum.sum(numbers) == 1_250_025_000
  end

  test "functions of both sides" do
    add = Shelf.adder(10)
    assert is_function(add, 1)
    assert Shelf.apply_all([add, &String.duplicate("x", &1), &Integer.to_string/1], 3) == [13, "xxx", "3"]
  end

  test "a lazy stream" do
    assert Shelf.evens() |> Stream.map(&(&1 * 10)) |> Enum.take(3) == [0, 20, 40]
  end

  test "an exception of a callback comes through" do
    assert_raise ArgumentError, "no", fn -> Shelf.keep([1], fn _ -> raise ArgumentError, "no" end) end
  end

  test "a throw of a callback comes through" do
    assert catch_throw(Shelf.keep([1], fn _ -> throw(:ball) end)) == :ball
  end
end
