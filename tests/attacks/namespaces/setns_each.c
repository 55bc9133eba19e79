// attack: joins a namespace by each file in /proc/self/ns, and init's by its pidfd
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    static const char *const names[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        DENIED(syscall(SYS_setns, fd, 0));
        DENIED(syscall(SYS_setns, fd, 1UL << 32));
        if (fd >= 0)
            close(fd);
        snprintf(path, sizeof path, "/proc/1/ns/%s", names[i]);
        STOPPED_NAMED(path, open(path, O_RDONLY), EACCES, EPERM, ENOENT);
    }
    int init = (int)syscall(SYS_pidfd_open, 1, 0);
    DENIED(syscall(SYS_setns, init, CLONE_NEWNS | CLONE_NEWNET));
    /* a pidfd gives namespaces by ioctl since Linux 6.11 */
    for (unsigned n = 1; n <= 10; n++)
        STOPPED_NAMED("PIDFD_GET_NAMESPACE", syscall(SYS_ioctl, init, 0xFF00u | n, 0), EPERM);
    return finish();
}
