defmodule Tool do
  defstruct [:owner]
  def new(owner), do: %Tool{owner: owner}
  def read(path), do: File.read!(path)
  def lines(path), do: File.stream!(path)
  def save(path, text), do: File.write!(path, text)
  def fail, do: raise(KeyError, key: :a, term: %{})
end
