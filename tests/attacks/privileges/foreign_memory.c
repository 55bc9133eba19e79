// attack: reads and writes other processes' memory, descriptors and resources without ptrace
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/resource.h>
#include <sys/uio.h>

static int word = 42;

int main(void)
{
    int open_file = open("/dev/null", O_RDONLY);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    int copy = 0;
    struct iovec here = {&copy, sizeof copy}, there = {&word, sizeof word};
    pid_t targets[] = {child, 1};
    for (int i = 0; i < 2; i++) {
        pid_t pid = targets[i];
        int fd = (int)syscall(SYS_pidfd_open, pid, 0);
        DENIED(process_vm_readv(pid, &here, 1, &there, 1, 0));
        DENIED(process_vm_writev(pid, &here, 1, &there, 1, 0));
        DENIED(syscall(SYS_kcmp, getpid(), pid, 0, open_file, open_file));
        DENIED(syscall(438 /* pidfd_getfd */, fd, open_file, 0));
        DENIED(syscall(440 /* process_madvise */, fd, &there, 1, 21, 0));
        DENIED(syscall(448 /* process_mrelease */, fd, 0));
        struct rlimit l = {1, 1}, now;
        DENIED(prlimit(pid, RLIMIT_NOFILE, &l, NULL));
        DENIED(prlimit(pid, RLIMIT_NOFILE, NULL, &now));
        DENIED(syscall(SYS_migrate_pages, pid, 1, 0, 0));
        DENIED(syscall(SYS_move_pages, pid, 0, 0, 0, 0, 0));
        close(fd);
    }
    kill(child, SIGKILL);
    return finish();
}
