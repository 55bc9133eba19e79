defmodule MutantHuntTest do
  use ExUnit.Case, async: true

  # A calculator with its borders: the first age that is free, half, full and reduced.
  defp fare(age, {free, half, full, reduced}) do
    cond do
      age < free -> :error
      age < half -> :free
      age < full -> :half
      age < reduced -> :full
      true -> :reduced
    end
  end

  defp caught?(mutant) do
    Enum.any?(MutantHunt.cases(), fn {age, expected} -> mutant.(age) != expected end)
  end

  test "all cases are right" do
    for {age, expected} <- MutantHunt.cases() do
      assert {age, fare(age, {0, 6, 18, 65})} == {age, expected}
    end
  end

  test "there are no more than twelve cases" do
    assert length(MutantHunt.cases()) <= 12
  end

  test "a calculator that takes everybody for grown-up is caught" do
    assert caught?(fn _age -> :full end)
  end

  test "a border that is one year too late is caught" do
    assert caught?(&fare(&1, {0, 7, 18, 65})), "the border between free and half"
    assert caught?(&fare(&1, {0, 6, 19, 65})), "the border between half and full"
    assert caught?(&fare(&1, {0, 6, 18, 66})), "the border between full and reduced"
  end

  test "a border that is one year too early is caught" do
    assert caught?(&fare(&1, {0, 5, 18, 65})), "the border between free and half"
    assert caught?(&fare(&1, {0, 6, 17, 65})), "the border between half and full"
    assert caught?(&fare(&1, {0, 6, 18, 64})), "the border between full and reduced"
  end

  test "a calculator that takes babies for a mistake is caught" do
    assert caught?(&fare(&1, {1, 6, 18, 65}))
  end

  test "a calculator that lets the unborn travel is caught" do
    assert caught?(&fare(&1, {-1, 6, 18, 65}))
    assert caught?(&fare(&1, {-1000, 6, 18, 65}))
  end
end
