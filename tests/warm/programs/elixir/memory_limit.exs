# test: {"status": "memory", "limits": {"memory_bytes": 67108864}, "compare": ["status", "stdout"]}
IO.puts("filling")
grow = fn grow, list -> grow.(grow, [:binary.copy(<<1>>, 1_000_000) | list]) end
grow.(grow, [])
