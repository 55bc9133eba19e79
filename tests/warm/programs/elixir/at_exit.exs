# test: {"status": "error"}
System.at_exit(fn code -> IO.puts("first registered, code #{code}") end)
System.at_exit(fn code -> IO.puts("second registered, code #{code}") end)
exit({:shutdown, 5})
