defmodule Documented do
  @moduledoc "A module with words."
  @type name :: String.t()
  @doc "Says hello."
  @spec hello(name) :: String.t()
  def hello(name), do: "hello " <> name
  @doc false
  def hidden, do: :ok
  @doc deprecated: "old"
  def old(x, y \\ 1), do: x + y
end
