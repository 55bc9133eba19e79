defmodule Fence do
  def draw(fields, options \\ []) do
    post = Keyword.get(options, :post, "|")
    String.duplicate(post, fields)
  end
end
