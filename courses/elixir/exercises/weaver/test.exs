defmodule WeaverTest do
  use ExUnit.Case, async: true

  test "two lists of the same length" do
    assert Weaver.weave([1, 2], [:a, :b]) == [1, :a, 2, :b]
  end

  test "the first is longer" do
    assert Weaver.weave([1, 2, 3, 4], [:a, :b]) == [1, :a, 2, :b, 3, 4]
  end

  test "the second is longer" do
    assert Weaver.weave([1], [:a, :b, :c]) == [1, :a, :b, :c]
  end

  test "nothing to weave in" do
    assert Weaver.weave([1, 2, 3], []) == [1, 2, 3]
    assert Weaver.weave([], [1, 2, 3]) == [1, 2, 3]
  end

  test "two empty lists" do
    assert Weaver.weave([], []) == []
  end

  test "elements may be lists themselves" do
    assert Weaver.weave([[1], [2]], [[]]) == [[1], [], [2]]
  end
end
