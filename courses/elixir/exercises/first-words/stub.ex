IO.puts("Hello?")
