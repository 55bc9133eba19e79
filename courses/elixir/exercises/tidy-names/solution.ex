defmodule Form do
  @moduledoc "Tidies what people type into forms."

  @doc "A name with capitals and single spaces."
  def tidy(name) do
    name
    |> String.split()
    |> Enum.map(&String.capitalize/1)
    |> Enum.join(" ")
  end
end
