# test: {"status": "compile_error"}
x = 1
IO.puts(x + y)
