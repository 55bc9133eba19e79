# test: {"status": "error"}
defmodule Point do
  @enforce_keys [:x]
  defstruct [:x, y: 0]
end

defmodule Use do
  def bad, do: %Point{y: 1}
end
