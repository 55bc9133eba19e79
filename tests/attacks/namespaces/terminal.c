// attack: looks for a terminal, a session and a process group of the host's
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    STOPPED(open("/dev/tty", O_RDWR), ENOENT, ENXIO);
    STOPPED(open("/dev/console", O_RDWR), ENOENT);
    STOPPED(open("/dev/ptmx", O_RDWR), ENOENT);
    for (int fd = 0; fd < 3; fd++) {
        tried();
        if (isatty(fd))
            breach("descriptor %d is a terminal", fd);
    }
    /* 0 would be a session or group of another pid namespace, whose members its signals reach */
    if (getsid(0) == 0)
        breach("its session lies outside");
    if (getpgrp() == 0)
        breach("its process group lies outside");
    return finish();
}
