# test: {"status": "error"}
import atexit, sys
atexit.register(print, "at exit")
print("going")
sys.exit(3)
