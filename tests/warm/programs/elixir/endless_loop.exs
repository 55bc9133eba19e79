# test: {"status": "timeout", "limits": {"cpu_ms": 300}, "compare": ["status", "stdout"]}
IO.puts("spinning")
spin = fn spin -> spin.(spin) end
spin.(spin)
