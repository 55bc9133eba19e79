defmodule Article do
  @moduledoc "Addresses for articles."

  @doc "An address made from a title: letters and digits, joined by dashes."
  def slug(title) do
    dashed = String.replace(String.downcase(title), ~r/[^\p{L}\p{N}]+/u, "-")
    String.trim(dashed, "-")
  end
end
