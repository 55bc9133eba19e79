defmodule Money do
  @enforce_keys [:currency]
  defstruct [:currency, amount: 0, notes: %{tags: [:new]}]

  defmodule MismatchError do
    defexception [:left, :right]
    @impl true
    def message(error), do: "cannot add #{error.left} to #{error.right}"
  end

  defmodule EmptyError do
    defexception message: "there is no money"
  end

  def new(amount, currency), do: %__MODULE__{amount: amount, currency: currency}

  def add(%Money{currency: c} = a, %Money{currency: c} = b), do: %{a | amount: a.amount + b.amount}
  def add(a, b), do: raise(MismatchError, left: a.currency, right: b.currency)

  def take!(%Money{amount: 0}), do: raise(EmptyError)
  def take!(%Money{} = money), do: %{money | amount: 0}

  defimpl String.Chars do
    def to_string(money), do: "#{money.amount} #{money.currency}"
  end

  defimpl Inspect do
    import Inspect.Algebra
    def inspect(money, opts), do: concat(["#Money<", to_doc(money.amount, opts), ">"])
  end

  defimpl Enumerable do
    def count(money), do: {:ok, money.amount}
    def member?(_, _), do: {:error, __MODULE__}
    def slice(_), do: {:error, __MODULE__}
    def reduce(money, acc, fun), do: Enumerable.List.reduce(List.duplicate(money.currency, money.amount), acc, fun)
  end

  defimpl Collectable do
    def into(money) do
      {money,
       fn
         money, {:cont, n} -> %{money | amount: money.amount + n}
         money, :done -> money
         _, :halt -> :ok
       end}
    end
  end
end
