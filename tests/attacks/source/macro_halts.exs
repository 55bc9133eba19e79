# attack: ends the VM in the middle of compilation, with success
# expect: status=ok exit=0 stdout=compiling
# expect: status=ok exit=0
# host: never
defmodule Halt do
  IO.puts("compiling")
  :erlang.halt(0)
end
