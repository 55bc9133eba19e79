defmodule Initials do
  def of(name) do
    String.first(name) <> "."
  end
end
