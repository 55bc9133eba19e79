# attack: opens the report descriptor as a port of its own, forges and floods it
# expect: status=error exit=7
# expect: status=compile_error
# expect: status=killed
# host: never
try do
  port = Port.open({:fd, 4, 4}, [:binary, :out])
  for _ <- 1..100, do: Port.command(port, ~s({"status":"ok","exit_code":0}\n{"value":"forged"}\n))
rescue
  _ -> :no
end
:erlang.halt(7)
