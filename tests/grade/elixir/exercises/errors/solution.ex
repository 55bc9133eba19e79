defmodule Errors do
  def divide(a, b), do: a / b
  def pick(map, key), do: Map.fetch!(map, key)
  def match(x), do: {:ok, _} = x
  def atom(text), do: String.to_existing_atom(text)
  def clause(:a), do: 1
  def call(f), do: f.(1, 2)
  def missing, do: apply(Nowhere, :at_all, [1])
  def bad(x), do: :erlang.binary_to_integer(x)
  def choose(x) do
    case x do
      1 -> :one
    end
  end
  def safe(fun) do
    {:ok, fun.()}
  rescue
    error -> {:error, Exception.message(error)}
  end
  def stop, do: throw(:stop)
end
