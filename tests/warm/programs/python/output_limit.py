# test: {"status": "output_limit", "limits": {"output_bytes": 10000}, "compare": ["status", "stdout", "truncated"]}
while True:
    print("line")
