/* Wall 4 from inside: installing the filter that the executor compiled (seccomp.c). */
#include "sandbox/box/box.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>

int filter_load(struct filter_program *f, int fd)
{
    struct stat s;
    if (fstat(fd, &s) < 0)
        return -errno;
    if (s.st_size <= 0 || (size_t)s.st_size > sizeof f->code || (size_t)s.st_size % sizeof f->code[0])
        return -EINVAL;
    f->count = (unsigned short)((size_t)s.st_size / sizeof f->code[0]);
    return pread_all(fd, f->code, (size_t)s.st_size, 0);
}

static long install(const struct filter_program *filter, unsigned flags)
{
    struct sock_fprog program = {filter->count, (struct sock_filter *)filter->code};
    long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    return r < 0 ? -errno : r;
}

int install_filter(struct making *m)
{
    return (int)install(m->filter, 0);
}

/* seccomp(2), SECCOMP_FILTER_FLAG_TSYNC: all threads or none; a positive answer names one that could not. */
int install_filter_on_all(struct making *m)
{
    long r = install(m->filter, SECCOMP_FILTER_FLAG_TSYNC);
    return r > 0 ? -ESRCH : (int)r;
}

/* Init needs a handful of calls, so its filter is its own: shorter to install, and anything else is its
 * death. */
#if defined(__x86_64__)
enum { ARCHITECTURE = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#endif
#define ALLOW(name)                                                                                          \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

int install_init_filter(struct making *m)
{
    (void)m;
    static struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(recvmsg),
        ALLOW(sendmsg),
        ALLOW(openat),
        ALLOW(openat2),
        ALLOW(mkdirat),
        ALLOW(pread64),
        ALLOW(write),
        ALLOW(close),
        ALLOW(kill),
        ALLOW(clock_nanosleep),
        ALLOW(clock_gettime),
        ALLOW(restart_syscall),
        ALLOW(exit_group),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {array_length(code), code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}
