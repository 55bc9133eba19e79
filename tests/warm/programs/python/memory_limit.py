# test: {"status": "memory", "limits": {"memory_bytes": 67108864}, "compare": ["status", "stdout"]}
print("filling", flush=True)
x = []
while True:
    x.append(bytearray(1 << 20))
