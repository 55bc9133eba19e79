defmodule HotelTest do
  # The hotel's processes have names, so there can be only one hotel at a time.
  use ExUnit.Case

  setup do
    start_supervised!(%{id: :hotel, start: {Hotel, :start_link, []}, type: :supervisor})
    :ok
  end

  # The registry forgets a process a moment after it has ended.
  defp eventually(fun, tries \\ 200) do
    cond do
      fun.() -> true
      tries == 0 -> false
      true -> Process.sleep(5) && eventually(fun, tries - 1)
    end
  end

  test "guests check in" do
    assert Hotel.guests() == []
    assert Hotel.check_in("Zoe") == :ok
    assert Hotel.check_in("Ali") == :ok
    assert Hotel.guests() == ["Ali", "Zoe"]
  end

  test "nobody checks in twice" do
    Hotel.check_in("Zoe")
    assert Hotel.check_in("Zoe") == {:error, :already_here}
  end

  test "orders add up" do
    Hotel.check_in("Zoe")
    assert Hotel.order("Zoe", "tea", 3) == 3
    assert Hotel.order("Zoe", "cake", 5) == 8
  end

  test "bills are kept apart" do
    Hotel.check_in("Zoe")
    Hotel.check_in("Ali")
    Hotel.order("Zoe", "tea", 3)
    assert Hotel.order("Ali", "soup", 6) == 6
  end

  test "strangers are not served" do
    assert Hotel.order("Bob", "tea", 3) == {:error, :unknown_guest}
    assert Hotel.check_out("Bob") == {:error, :unknown_guest}
  end

  test "the bill comes at the end, in the order of the orders" do
    Hotel.check_in("Zoe")
    Hotel.order("Zoe", "tea", 3)
    Hotel.order("Zoe", "cake", 5)
    assert Hotel.check_out("Zoe") == {:ok, ["tea", "cake"]}
  end

  test "after checking out a guest is gone and may come again" do
    Hotel.check_in("Zoe")
    Hotel.order("Zoe", "tea", 3)
    Hotel.check_out("Zoe")
    assert eventually(fn -> Hotel.guests() == [] end)
    assert Hotel.check_in("Zoe") == :ok
    assert Hotel.check_out("Zoe") == {:ok, []}
  end

  test "an empty bill is a bill" do
    Hotel.check_in("Zoe")
    assert Hotel.check_out("Zoe") == {:ok, []}
  end
end
