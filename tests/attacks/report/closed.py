# attack: closes the report and the order and goes on
# expect: status=ok exit=0 stdout=contained
# host: never
import os
for fd in (3, 4):
    try:
        os.close(fd)
    except OSError:
        pass
print("contained")
