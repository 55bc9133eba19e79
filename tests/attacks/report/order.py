# attack: reads the order on descriptor 3 again: nothing of another run, nothing of phial's may be there
# expect: status=ok stdout=contained
# arg: of this run
# host: never
import os
found = b""
for fd in range(3, 1024):
    try:
        os.set_blocking(fd, False)
        found = os.read(fd, 65536)
    except OSError:
        continue
    if found:
        print("BREACH: descriptor %d gave %r" % (fd, found[:200]))
print("contained")
