defmodule SortInspectorTest do
  use ExUnit.Case, async: true

  # The inspector must find a list, and the list must really show the mistake.
  defp assert_found(sort) do
    assert {:broken, list} = SortInspector.inspect_sort(sort)
    assert result(sort, list) != {:ok, Enum.sort(list)}
  end

  defp result(sort, list) do
    {:ok, sort.(list)}
  rescue
    _error -> :raised
  end

  test "functions that sort are fine" do
    assert SortInspector.inspect_sort(&Enum.sort/1) == :ok

    assert SortInspector.inspect_sort(fn list -> list |> Enum.sort(:desc) |> Enum.reverse() end) ==
             :ok
  end

  test "doing nothing is not sorting" do
    assert_found(fn list -> list end)
  end

  test "turning the list around is not sorting" do
    assert_found(&Enum.reverse/1)
  end

  test "falling order is found" do
    assert_found(&Enum.sort(&1, :desc))
  end

  test "an empty result is found" do
    assert_found(fn _list -> [] end)
  end

  test "lost doublets are found" do
    assert_found(fn list -> list |> Enum.sort() |> Enum.dedup() end)
  end

  test "wrong order of negative numbers is found" do
    assert_found(&Enum.sort_by(&1, fn number -> abs(number) end))
  end

  test "a function that raises for the empty list is found" do
    assert_found(fn [_ | _] = list -> Enum.sort(list) end)
  end
end
