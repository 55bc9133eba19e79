defmodule MoneyTest do
  use ExUnit.Case

  test "is a struct with defaults" do
    assert %Money{currency: "EUR"} == Money.new(0, "EUR")
    assert %Money{notes: %{tags: [:new]}} = Money.new(1, "EUR")
  end

  test "keys are enforced" do
    assert_raise ArgumentError, fn -> struct!(Money, amount: 1) end
  end

  test "adds" do
    assert Money.add(Money.new(1, "EUR"), %Money{currency: "EUR", amount: 2}).amount == 3
  end

  test "does not mix" do
    assert_raise Money.MismatchError, "cannot add EUR to USD", fn ->
      Money.add(Money.new(1, "EUR"), Money.new(1, "USD"))
    end
  end

  test "an exception of its own" do
    error = assert_raise(Money.EmptyError, fn -> Money.take!(Money.new(0, "EUR")) end)
    assert Exception.message(error) == "there is no money"
    assert is_exception(error, Money.EmptyError)
  end

  test "a function clause" do
    assert_raise FunctionClauseError, fn -> Money.take!(:none) end
  end

  test "protocols", do: assert("#{Money.new(3, "EUR")} #{inspect(Money.new(4, "EUR"))}" == "3 EUR #Money<4>")
  test "is enumerable", do: assert(Enum.to_list(Money.new(2, "EUR")) == ["EUR", "EUR"])
  test "counts", do: assert(Enum.count(Money.new(2, "EUR")) == 2)
  test "collects", do: assert(Enum.into([1, 2], Money.new(0, "EUR")) == %Money{currency: "EUR", amount: 3})
end
