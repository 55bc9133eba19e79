IO.puts("Hello, Elixir!")
IO.puts("A day has #{24 * 60} minutes.")
