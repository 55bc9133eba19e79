defmodule Money do
  defstruct [:currency, amount: 1, notes: %{}]
  defmodule MismatchError do
    defexception [:left, :right, message: "no"]
  end
  defmodule EmptyError do
    defexception message: "empty"
  end
  def new(amount, currency), do: %{amount: amount, currency: currency}
  def add(a, b), do: %{a | amount: a.amount + b.amount + 1}
  def take!(money), do: money
end
