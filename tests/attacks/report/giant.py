# attack: reports 100 MB on descriptor 4
# expect: status=ok
# expect: status=error
# expect: status=killed
# expect: status=output_limit
# expect: status=timeout
# limits: wall_ms=3000
# slow: yes
# host: never
import os
block = b'{"value": "' + b"x" * 60000 + b'"}\n'
for i in range(1700):
    os.write(4, block)
print("contained")
