defmodule Unless do
  defmacro my_unless(condition, do: block) do
    quote do
      if !unquote(condition), do: unquote(block)
    end
  end

  defmacro trace(expression) do
    text = Macro.to_string(expression)
    quote do
      value = unquote(expression)
      IO.puts(unquote(text) <> " = " <> inspect(value))
      value
    end
  end

  defmacro __using__(options) do
    quote do
      import Unless
      def from_use, do: unquote(options[:value])
    end
  end
end

defmodule User do
  use Unless, value: 42
  for name <- [:red, :green], do: def(unquote(name)(), do: unquote(to_string(name)))
  def run do
    my_unless(false, do: trace(1 + 2 * 3))
  end
end

IO.inspect(User.run())
IO.inspect(User.from_use())
IO.inspect(User.red() <> User.green())
IO.inspect(quote(do: a + b * 2))
IO.puts(Macro.to_string(quote(do: if(x, do: y, else: z))))
IO.inspect(Macro.expand(quote(do: unless(true, do: 1)), __ENV__) |> Macro.to_string())
IO.inspect(Code.eval_quoted(quote(do: unquote(3) * 7)) |> elem(0))
