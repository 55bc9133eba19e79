/* The system calls that the frontend may still make: those of an event loop over sockets that it has. All
 * others answer EPERM; those that only an intruder would try end the process. */
#include "frontend/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define CALL(name) SCMP_SYS(name)

static const int allowed[] = {
    /* bytes */
    CALL(read),
    CALL(write),
    CALL(readv),
    CALL(writev),
    CALL(pread64),
    CALL(recvfrom),
    CALL(recvmsg),
    CALL(sendto),
    CALL(sendmsg),
    CALL(lseek),
    /* sockets that are there, and what they accept */
    CALL(accept),
    CALL(accept4),
    CALL(shutdown),
    CALL(close),
    CALL(getsockname),
    CALL(getpeername),
    CALL(getsockopt),
    CALL(setsockopt),
    /* the loop */
    CALL(epoll_wait),
    CALL(epoll_pwait),
    CALL(epoll_ctl),
    CALL(poll),
    CALL(ppoll),
    CALL(clock_gettime),
    CALL(clock_nanosleep),
    CALL(nanosleep),
    CALL(gettimeofday),
    CALL(time),
    CALL(timerfd_settime),
    /* memory, without PROT_EXEC: see below */
    CALL(brk),
    CALL(munmap),
    CALL(mremap),
    CALL(madvise),
    /* files: the keys, sealed memfds, and the database, which is open already */
    CALL(fstat),
    CALL(newfstatat),
    CALL(ftruncate),
    CALL(pwrite64),
    CALL(fsync),
    CALL(fdatasync),
    /* the process itself */
    CALL(futex),
    CALL(getrandom),
    CALL(getpid),
    CALL(gettid),
    CALL(getppid),
    CALL(getuid),
    CALL(geteuid),
    CALL(getgid),
    CALL(getegid),
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL(sigaltstack),
    CALL(restart_syscall),
    CALL(exit),
    CALL(exit_group),
    CALL(sched_yield),
    CALL(uname),
    CALL(sysinfo),
    CALL(getcpu),
    CALL(rseq),
    CALL(set_robust_list),
};

static const int deadly[] = {
    CALL(execve),
    CALL(execveat),
    CALL(fork),
    CALL(vfork),
    CALL(ptrace),
    CALL(process_vm_readv),
    CALL(process_vm_writev),
    CALL(bpf),
    CALL(io_uring_setup),
    CALL(userfaultfd),
    CALL(init_module),
    CALL(finit_module),
    CALL(kexec_load),
    CALL(mount),
    CALL(setns),
    CALL(unshare),
    CALL(keyctl),
    CALL(add_key),
    CALL(perf_event_open),
    CALL(pivot_root),
};

static const int fcntl_commands[] = {F_GETFD,     F_SETFD,     F_GETFL, F_SETFL, F_DUPFD_CLOEXEC,
                                     F_ADD_SEALS, F_GET_SEALS, F_GETLK, F_SETLK};

/* Every call that has arguments worth a look. */
static int add_checked(scmp_filter_ctx filter)
{
    int r = 0;
    for (size_t i = 0; i < array_length(fcntl_commands); i++)
        r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(fcntl), 1,
                              SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)fcntl_commands[i]));
    r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, FIONREAD));
    r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mprotect), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(openat), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC | O_PATH, O_RDONLY));
    r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(memfd_create), 1,
                          SCMP_A1(SCMP_CMP_MASKED_EQ, MFD_HUGETLB, 0));
    /* abort(3) of its own accord */
    r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(tgkill), 2,
                          SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()), SCMP_A2(SCMP_CMP_EQ, SIGABRT));
    return r;
}

/* What it needs of threads has been made. */
static int end_threads(struct error *err)
{
    const struct rlimit none = {0, 0};
    struct rlimit now;
    if (setrlimit(RLIMIT_NPROC, &none) < 0 || getrlimit(RLIMIT_NPROC, &now) < 0 || now.rlim_max != 0)
        return error_set(err, EIO, "set the limit nproc: it did not take");
    return 0;
}

int filter_install(struct error *err)
{
    if (end_threads(err) < 0)
        return -err->code;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return error_set(err, ENOMEM, "make the system call filter: %m");
    int r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (r == 0)
        r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC,
                             1); /* the store's and the passwords' threads too */
    for (size_t i = 0; r == 0 && i < array_length(allowed); i++)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; r == 0 && i < array_length(deadly); i++)
        r = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
    if (r == 0)
        r = add_checked(filter);
    if (r == 0)
        r = seccomp_load(filter);
    seccomp_release(filter);
    if (r != 0)
        return error_set(err, r < 0 ? -r : EINVAL, "load the system call filter: %m");
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 ||
        errno != EPERM) /* it would answer; the filter forbids asking */
        return error_set(err, EINVAL, "load the system call filter: it did not take");
    return 0;
}
