# test: {"status": "compile_error"}
IO.puts("never")
defmodule A do
  def f(x) do
    [x, 1
  end
end
