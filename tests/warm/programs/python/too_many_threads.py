# test: {"limits": {"processes": 10}}
import threading, time
stop, made = threading.Event(), 0
try:
    for _ in range(100):
        threading.Thread(target=stop.wait, daemon=True).start(); made += 1
except RuntimeError as e:
    print(e)
print(made)
stop.set()
