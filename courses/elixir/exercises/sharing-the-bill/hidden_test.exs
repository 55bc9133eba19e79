defmodule BillHiddenTest do
  use ExUnit.Case, async: true

  test "no cent is invented by a float" do
    assert Bill.share(110, 1, 10) == 121
  end

  test "large parties with large bills" do
    assert Bill.share(9_007_199_254_740_993, 2, 0) == 4_503_599_627_370_497
  end
end
