// attack: looks for descriptors that leaked from phial, by number and in /proc/self/fd
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    struct stat s;
    for (int fd = 0; fd < 70000; fd++) {
        if (fstat(fd, &s)) {
            if (errno != EBADF)
                breach("descriptor %d is something: %s", fd, strerror(errno));
            continue;
        }
        tried();
        int flags = fcntl(fd, F_GETFL);
        if (fd > 2)
            breach("descriptor %d is open, mode %o", fd, s.st_mode);
        else if (!S_ISFIFO(s.st_mode))
            breach("descriptor %d is no pipe, mode %o", fd, s.st_mode);
        else if ((flags & O_ACCMODE) != (fd == 0 ? O_RDONLY : O_WRONLY))
            breach("descriptor %d has flags %o", fd, flags);
        else if (s.st_uid == 0)
            breach("the pipe %d belongs to root", fd);
    }
    /* what is read from the pipe's other end would be another run's or the executor's */
    char byte;
    STOPPED(read(1, &byte, 1), EBADF);
    STOPPED(read(2, &byte, 1), EBADF);
    STOPPED(write(0, "x", 1), EBADF);
    return finish();
}
