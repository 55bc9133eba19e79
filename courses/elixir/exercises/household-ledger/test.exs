defmodule LedgerTest do
  use ExUnit.Case, async: true

  @november """
  # November
  2026-11-02; Bakery; 4.20
  2026-11-03; Book shop; 18.00

  2026-11-09; Bakery; 5.05
  """

  test "what each shop got" do
    assert Ledger.totals(@november) == %{"Bakery" => 925, "Book shop" => 1800}
  end

  test "the report begins with the largest amount" do
    assert Ledger.report(@november) == ["Book shop: 18.00", "Bakery: 9.25"]
  end

  test "cents below ten have a zero in front" do
    assert Ledger.report("2026-01-01;Kiosk;3.05") == ["Kiosk: 3.05"]
    assert Ledger.report("2026-01-01;Kiosk;0.07") == ["Kiosk: 0.07"]
  end

  test "spaces around the parts do not matter" do
    assert Ledger.totals("  2026-01-01 ;  Corner shop;1.50  ") == %{"Corner shop" => 150}
  end

  test "equal amounts are ordered by name" do
    text = "d; Zoo; 5.00\nd; Aquarium; 5.00\nd; Museum; 5.00"
    assert Ledger.report(text) == ["Aquarium: 5.00", "Museum: 5.00", "Zoo: 5.00"]
  end

  test "remarks may stand anywhere" do
    assert Ledger.totals("# one\n  # two; three; 4.00\nd; Shop; 1.00\n#") == %{"Shop" => 100}
  end

  test "an empty ledger" do
    assert Ledger.totals("") == %{}
    assert Ledger.report("\n\n") == []
  end
end
