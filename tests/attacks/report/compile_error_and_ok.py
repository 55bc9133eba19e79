# attack: reports a compile error although it ended well: the exit code decides
# expect: status=ok exit=0 stdout=contained
# host: never
import os
print("contained", flush=True)
try:
    os.write(4, b'{"compile_error": true}\n')
except OSError:
    pass
os._exit(0)
