defmodule SortInspectorHiddenTest do
  use ExUnit.Case, async: true

  test "a function that sorts only short lists is found" do
    assert {:broken, list} =
             SortInspector.inspect_sort(fn list ->
               if length(list) > 8, do: list, else: Enum.sort(list)
             end)

    assert length(list) > 8
  end

  test "a function that replaces elements is found" do
    assert {:broken, _list} =
             SortInspector.inspect_sort(fn list -> Enum.map(list, fn _ -> 1 end) end)
  end

  test "a function that doubles the last element in place of the first is found" do
    broken = fn list ->
      case Enum.sort(list) do
        [_, second | rest] -> [second, second | rest]
        short -> short
      end
    end

    assert {:broken, _list} = SortInspector.inspect_sort(broken)
  end
end
