# test: {"stdin": "ÿ\u0001binary"}
import os, sys
print(sys.stdin.buffer.read(3), os.read(0, 100), os.read(0, 1), sys.stdin.isatty(), sys.stdin.encoding, sys.stdin.fileno())
