# attack: reports one line of 100 MB without an end
# expect: status=ok value=null
# expect: status=error value=null
# expect: status=killed
# expect: status=output_limit
# expect: status=timeout
# limits: wall_ms=3000
# slow: yes
# host: never
import os
os.write(4, b'{"value": "')
block = b"x" * 100000
for i in range(1000):
    os.write(4, block)
os._exit(0)
