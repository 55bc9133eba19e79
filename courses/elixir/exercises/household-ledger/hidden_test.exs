defmodule LedgerHiddenTest do
  use ExUnit.Case, async: true

  test "no cent gets lost, however many lines there are" do
    text = String.duplicate("d; Shop; 4.35\n", 1000)
    assert Ledger.totals(text) == %{"Shop" => 435_000}
    assert Ledger.report(text) == ["Shop: 4350.00"]
  end

  test "large amounts are sorted as numbers" do
    assert Ledger.report("d; A; 9.00\nd; B; 10.00\nd; C; 100.00") ==
             ["C: 100.00", "B: 10.00", "A: 9.00"]
  end
end
