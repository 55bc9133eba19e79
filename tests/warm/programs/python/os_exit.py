# test: {"status": "error"}
import os, sys
print("flushed", flush=True)
print("lost")
os._exit(9)
