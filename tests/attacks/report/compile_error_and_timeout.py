# attack: reports a compile error and hangs: the limit decides
# expect: status=timeout
# limits: wall_ms=2000
# host: never
import os
import time
try:
    os.write(4, b'{"compile_error": true}\n')
except OSError:
    pass
time.sleep(100)
