for n <- 1..20_000, do: IO.puts("line #{n} żółw")
IO.write(String.duplicate("x", 100_000))
