defmodule FactSheet do
  @moduledoc """
  Gives a module a function for each fact, and `facts/0` for all of them.

      defmodule Otter do
        use FactSheet, name: "Otter", legs: 4
      end
  """

  defmacro __using__(facts) do
    functions =
      for {name, value} <- facts do
        quote do
          def unquote(name)(), do: unquote(value)
        end
      end

    quote do
      unquote_splicing(functions)
      def facts, do: unquote(facts)
    end
  end
end
