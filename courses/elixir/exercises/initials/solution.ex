defmodule Initials do
  @moduledoc "Makes initials from names."

  @doc "The first letter of each part of a name, in capitals and with a full stop."
  def of(name) do
    Enum.join(Enum.map(String.split(name), &initial/1))
  end

  defp initial(word), do: String.upcase(String.first(word)) <> "."
end
