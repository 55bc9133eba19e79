defmodule MutantHuntHiddenTest do
  use ExUnit.Case, async: true

  defp right(age) when age < 0, do: :error
  defp right(age) when age < 6, do: :free
  defp right(age) when age < 18, do: :half
  defp right(age) when age < 65, do: :full
  defp right(_age), do: :reduced

  defp caught?(mutant) do
    Enum.any?(MutantHunt.cases(), fn {age, expected} -> mutant.(age) != expected end)
  end

  test "a calculator that mixes up two fares is caught" do
    for {one, other} <- [free: :half, half: :full, full: :reduced, error: :free] do
      assert caught?(fn age -> if right(age) == one, do: other, else: right(age) end)
    end
  end

  test "a calculator that forgets the sign is caught" do
    assert caught?(fn age -> right(abs(age)) end)
  end
end
