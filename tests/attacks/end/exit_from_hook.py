# attack: ends the process under the harness's feet, in an exit hook that never returns
# expect: status=timeout
# limits: wall_ms=2000
# host: never
import atexit
import time
atexit.register(lambda: time.sleep(1000))
