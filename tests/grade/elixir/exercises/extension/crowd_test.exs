defmodule Singer do
  defstruct [:note]
end

defimpl Loud, for: Singer do
  def shout(singer), do: "#{singer.note}#{singer.note}"
end

defmodule CrowdTest do
  use ExUnit.Case
  test "falls back", do: assert(Loud.shout(1) == "?")
  test "the test's own implementation", do: assert(Crowd.shout(["a", %Singer{note: :la}, nil]) == "A lala ?")
end
