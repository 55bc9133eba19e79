defmodule CodeReaderTest do
  use ExUnit.Case, async: true

  test "a number contains no operation" do
    assert CodeReader.operations(quote(do: 42)) == 0
  end

  test "each operator is counted" do
    assert CodeReader.operations(quote(do: 1 + 2)) == 1
    assert CodeReader.operations(quote(do: 1 + 2 - 3 * 4 / 5)) == 4
  end

  test "operations within calls and lists are counted too" do
    assert CodeReader.operations(quote(do: max(a + 1, [b * 2, c]))) == 2
  end

  test "other operators and negative numbers are not counted" do
    assert CodeReader.operations(quote(do: -a <> b)) == 0
  end

  test "variables are found and sorted" do
    assert CodeReader.variables(quote(do: width * height)) == [:height, :width]
  end

  test "each variable is named once" do
    assert CodeReader.variables(quote(do: x * x + x)) == [:x]
  end

  test "names of functions are not variables" do
    assert CodeReader.variables(quote(do: String.upcase(name) <> last(list))) == [:list, :name]
  end

  test "code without variables" do
    assert CodeReader.variables(quote(do: 1 + 2)) == []
  end
end
