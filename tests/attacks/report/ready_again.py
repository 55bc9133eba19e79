# attack: says `ready` again and again, so that its clock or its base would start anew
# expect: status=timeout
# limits: wall_ms=2000
# host: never
import os
import time
for i in range(100):
    try:
        os.write(4, b"ready\n")
    except OSError:
        pass
    time.sleep(0.1)
print("BREACH: it ran for 10 seconds under a limit of 2")
