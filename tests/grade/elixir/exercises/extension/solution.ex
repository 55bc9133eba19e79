defprotocol Loud do
  @fallback_to_any true
  def shout(value)
end

defimpl Loud, for: BitString do
  def shout(text), do: String.upcase(text)
end

defimpl Loud, for: Any do
  def shout(_), do: "?"
end

defmodule Crowd do
  def shout(list), do: Enum.map_join(list, " ", &Loud.shout/1)
end
