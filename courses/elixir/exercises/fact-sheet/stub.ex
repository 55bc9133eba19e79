defmodule FactSheet do
  defmacro __using__(facts) do
    quote do
      def facts, do: {:not_yet, unquote(facts)}
    end
  end
end
