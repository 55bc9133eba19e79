# test: {"status": "error"}
import os
print("going", flush=True)
os.abort()
