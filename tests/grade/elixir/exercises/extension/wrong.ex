defprotocol Loud do
  @fallback_to_any true
  def shout(value)
end
defimpl Loud, for: Any do
  def shout(_), do: "!"
end
defmodule Crowd do
  def shout(_), do: ""
end
