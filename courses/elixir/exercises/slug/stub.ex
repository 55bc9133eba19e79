defmodule Article do
  def slug(title) do
    String.replace(String.downcase(title), " ", "-")
  end
end
