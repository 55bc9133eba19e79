# test: {"status": "error"}
IO.puts("first")
IO.puts(:stderr, "to error")
raise ArgumentError, "not good"
