defmodule Station do
  def decode(<<"WX", 0>>), do: {:ok, []}
  def decode(_message), do: :error
end
