defmodule Attributes do
  @moduledoc "Documentation."
  Module.register_attribute(__MODULE__, :kept, accumulate: true, persist: true)
  @kept 1
  @kept 2
  @before_compile __MODULE__.Hook
  @constant Enum.map(1..3, &(&1 * 2))
  defmodule Hook do
    defmacro __before_compile__(_), do: quote(do: def(added, do: :added))
  end
  def constant, do: @constant
  @spec typed(integer) :: integer
  def typed(n), do: n
  defguard is_even(n) when rem(n, 2) == 0
  defdelegate upcase(text), to: String
  def default(a, b \\ 2, c \\ 3), do: {a, b, c}
  defoverridable default: 1
end

IO.inspect(Attributes.constant())
IO.inspect(Attributes.added())
IO.inspect(Attributes.__info__(:attributes)[:kept])
IO.inspect(Attributes.upcase("x"))
IO.inspect(Attributes.default(1, 9))
IO.inspect(Attributes.__info__(:functions) |> Enum.sort())
IO.inspect(Attributes.module_info(:module))
