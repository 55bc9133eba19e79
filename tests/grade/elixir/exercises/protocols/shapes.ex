defprotocol Area do
  @doc "How large it is."
  def of(shape)
end

defmodule Square do
  defstruct side: 1
  defimpl Area, do: def(of(square), do: square.side * square.side)
end
