# test: {"status": "timeout", "limits": {"wall_ms": 300}}
IO.puts("sleeping")
Process.sleep(:infinity)
