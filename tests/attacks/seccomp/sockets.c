// attack: makes sockets of every family and type
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

static bool own(int family, int type)
{
    return family == AF_UNIX && type == SOCK_STREAM; /* all that a run may have; it reaches nobody */
}

int main(void)
{
    for (int family = 0; family < 64; family++)
        for (int type = 0; type < 12; type++) {
            if (own(family, type))
                continue;
            char what[64];
            snprintf(what, sizeof what, "socket(%d, %d)", family, type);
            int fd = -1, pair[2];
            STOPPED_NAMED(what, fd = (int)syscall(SYS_socket, family, type, 0), EPERM);
            if (fd >= 0)
                close(fd);
            /* the kernel reads ints: bits above must not hide the family from the filter */
            STOPPED_NAMED(what, fd = (int)syscall(SYS_socket, 1L << 32 | family, 1L << 32 | type, 0L), EPERM);
            if (fd >= 0)
                close(fd);
            STOPPED_NAMED(what, syscall(SYS_socketpair, family, type | SOCK_NONBLOCK, 0, pair), EPERM);
        }
    STOPPED(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), EPERM);
    STOPPED(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), EPERM);
    return finish();
}
