defmodule BillTest do
  use ExUnit.Case, async: true

  test "ten percent are the default" do
    assert Bill.share(10_000, 4) == 2750
  end

  test "another tip" do
    assert Bill.share(10_000, 4, 20) == 3000
  end

  test "each share is rounded up" do
    assert Bill.share(1000, 3, 0) == 334
  end

  test "the tip is rounded up as well" do
    assert Bill.share(1001, 1) == 1102
  end

  test "what is too many on the table" do
    assert Bill.left_over(1000, 3, 0) == 2
    assert Bill.left_over(1000, 3) == 1
  end

  test "nothing is left over when the sum can be divided" do
    assert Bill.left_over(10_000, 4) == 0
  end

  test "somebody who eats alone pays all" do
    assert Bill.share(2345, 1, 0) == 2345
    assert Bill.left_over(2345, 1, 0) == 0
  end
end
