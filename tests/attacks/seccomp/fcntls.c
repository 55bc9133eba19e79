// attack: takes locks, leases, signals of others, larger pipes by fcntl
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/file.h>

int main(void)
{
    int file = open("/etc/passwd", O_RDONLY), pipes[2];
    struct flock lock = {.l_type = F_RDLCK};
    if (pipe(pipes))
        wrong("pipe: %s", strerror(errno));
    DENIED(fcntl(file, F_SETLK, &lock));
    DENIED(fcntl(file, F_GETLK, &lock));
    DENIED(fcntl(file, F_OFD_SETLK, &lock));
    DENIED(fcntl(file, F_OFD_GETLK, &lock));
    DENIED(fcntl(file, F_SETLEASE, F_RDLCK));
    DENIED(fcntl(file, F_GETLEASE));
    DENIED(fcntl(file, F_NOTIFY, DN_ACCESS));
    DENIED(fcntl(pipes[0], F_SETOWN, getpid()));
    DENIED(fcntl(pipes[0], F_SETSIG, SIGKILL));
    DENIED(fcntl(pipes[1], F_SETPIPE_SZ, 1 << 20));
    DENIED(fcntl(1, F_SETPIPE_SZ, 1 << 20));
    DENIED(fcntl(file, 1036 /* F_SET_RW_HINT */, 0));
    DENIED(fcntl(file, 1027 /* F_DUPFD_QUERY */, file));
    DENIED(syscall(SYS_fcntl, pipes[1], 1L << 32 | F_SETPIPE_SZ, 1 << 20));
    DENIED(flock(file, LOCK_SH | LOCK_NB));
    return finish();
}
