# attack: its main thread ends, another goes on for ever
# expect: status=timeout
# limits: wall_ms=2000
# host: never
import threading
import time
threading.Thread(target=lambda: time.sleep(1000)).start()
