# attack: reports a compile error and dies of a signal
# expect: status=error signal=SIGSEGV
# expect: status=compile_error
# host: never
import os
import signal
try:
    os.write(4, b'{"compile_error": true}\n')
except OSError:
    pass
os.kill(os.getpid(), signal.SIGSEGV)
