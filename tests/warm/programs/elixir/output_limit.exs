# test: {"status": "output_limit", "limits": {"output_bytes": 10000}, "compare": ["status", "stdout", "truncated"]}
for n <- 1..100_000, do: IO.puts("line #{n}")
