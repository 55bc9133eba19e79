# attack: looks for descriptors of the harness that are no pipes or that lead to phial
# expect: status=ok stdout=contained
# host: never
import os
import stat
for fd in range(0, 1024):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    if not stat.S_ISFIFO(mode):
        print("BREACH: descriptor %d is no pipe: %o" % (fd, mode))
    elif fd > 4:
        print("BREACH: descriptor %d is open" % fd)
print("contained")
