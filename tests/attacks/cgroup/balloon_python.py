# attack: takes 10 GB in Python
# expect: status=memory
# expect: status=error
# limits: memory_bytes=67108864
# host: never
held = [bytes(1 << 20) if i % 2 else bytearray(b"x" * (1 << 20)) for i in range(20480)]
print("BREACH: %d MiB were taken" % len(held))
