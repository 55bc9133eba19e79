defmodule ShowYourWork do
  @moduledoc "For teachers who want to see how you got there."

  @doc ~S"""
  The text of an expression together with its value: `show(1 + 1)` gives `"1 + 1 = 2"`.

  The text is made while compiling; the value when the program runs.
  """
  defmacro show(expression) do
    text = Macro.to_string(expression)

    quote do
      unquote(text) <> " = " <> inspect(unquote(expression))
    end
  end
end
