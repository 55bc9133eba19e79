# test: {"status": "timeout", "limits": {"cpu_ms": 300}, "compare": ["status", "stdout"]}
print("spinning", flush=True)
while True:
    pass
