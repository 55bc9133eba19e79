# test: {"status": "error"}
IO.puts("half of it")
System.at_exit(fn code -> IO.puts("at exit #{code}") end)
System.halt(17)
