# attack: halts with a number of its own, without flushing
# expect: status=error exit=173
# host: never
IO.puts("before")
:erlang.halt(173, flush: false)
