/* System calls as they are. The C library's setresuid() and its kin would go through all threads of the
 * process by a signal (nptl(7)), of which a clone has none yet, and its read() and write() are cancellation
 * points: so the files of src/sandbox/box that work in a clone get these instead, by the same names. They are
 * hidden, and the runtime keeps its own. */
#include "template/engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static inline long call(long n, long a, long b, long c, long d, long e, long f)
{
    long r;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return r;
}

static long result(long r)
{
    if (r >= 0 || r < -4095)
        return r;
    errno = (int)-r;
    return -1;
}

#define L(x) (long)(x)
/* One line a call: what it returns, its name, its parameters, its arguments. */
#define RAW(type, name, parameters, a, b, c, d)                                                              \
    type name parameters                                                                                     \
    {                                                                                                        \
        return (type)result(call(SYS_##name, L(a), L(b), L(c), L(d), 0, 0));                                 \
    }

RAW(ssize_t, read, (int fd, void *p, size_t n), fd, p, n, 0)
RAW(ssize_t, write, (int fd, const void *p, size_t n), fd, p, n, 0)
RAW(int, close, (int fd), fd, 0, 0, 0)
RAW(off_t, lseek, (int fd, off_t at, int from), fd, at, from, 0)
RAW(ssize_t, readlink, (const char *path, char *p, size_t n), path, p, n, 0)
RAW(int, dup2, (int from, int to), from, to, 0, 0)
RAW(int, dup3, (int from, int to, int flags), from, to, flags, 0)
RAW(int, pipe2, (int fds[2], int flags), fds, flags, 0, 0)
RAW(int, close_range, (unsigned first, unsigned last, int flags), first, last, flags, 0)
RAW(int, socketpair, (int domain, int type, int protocol, int fds[2]), domain, type, protocol, fds)
RAW(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), fd, m, flags, 0)
RAW(int, epoll_create1, (int flags), flags, 0, 0, 0)
RAW(int, epoll_ctl, (int epoll, int what, int fd, struct epoll_event *e), epoll, what, fd, e)
RAW(int, timerfd_create, (clockid_t clock, int flags), clock, flags, 0, 0)
RAW(int, timerfd_gettime, (int fd, struct itimerspec *now), fd, now, 0, 0)
RAW(int, timerfd_settime, (int fd, int flags, const struct itimerspec *t, struct itimerspec *o), fd, flags, t,
    o)
RAW(int, clock_gettime, (clockid_t clock, struct timespec *t), clock, t, 0, 0)
RAW(int, setns, (int fd, int kind), fd, kind, 0, 0)
RAW(int, chdir, (const char *path), path, 0, 0, 0)
RAW(pid_t, setsid, (void), 0, 0, 0, 0)
RAW(mode_t, umask, (mode_t mask), mask, 0, 0, 0)
RAW(int, setgroups, (size_t n, const gid_t *groups), n, groups, 0, 0)
RAW(int, getgroups, (int n, gid_t *groups), n, groups, 0, 0)
RAW(int, setresuid, (uid_t r, uid_t e, uid_t s), r, e, s, 0)
RAW(int, setresgid, (gid_t r, gid_t e, gid_t s), r, e, s, 0)
RAW(int, getresuid, (uid_t * r, uid_t *e, uid_t *s), r, e, s, 0)
RAW(int, getresgid, (gid_t * r, gid_t *e, gid_t *s), r, e, s, 0)
RAW(int, sched_setaffinity, (pid_t pid, size_t n, const cpu_set_t *set), pid, n, set, 0)
RAW(int, execve, (const char *path, char *const argv[], char *const env[]), path, argv, env, 0)
#undef RAW

int eventfd(unsigned count, int flags)
{
    return (int)result(call(SYS_eventfd2, L(count), flags, 0, 0, 0, 0));
}

int fstat(int fd, struct stat *s)
{
    return (int)result(call(SYS_newfstatat, fd, L(""), L(s), AT_EMPTY_PATH, 0, 0));
}

/* With its mode or not: what the kernel does not need it does not look at. */
int open(const char *path, int flags, ...)
{
    return (int)result(call(SYS_openat, AT_FDCWD, L(path), flags, 0, 0, 0));
}

#define ONE_MORE(last, argument)                                                                             \
    va_list list;                                                                                            \
    va_start(list, last);                                                                                    \
    long argument = va_arg(list, long);                                                                      \
    va_end(list)

int fcntl(int fd, int what, ...)
{
    ONE_MORE(what, argument);
    return (int)result(call(SYS_fcntl, fd, what, argument, 0, 0, 0));
}

int ioctl(int fd, unsigned long what, ...)
{
    ONE_MORE(what, argument);
    return (int)result(call(SYS_ioctl, fd, L(what), argument, 0, 0, 0));
}

int prctl(int what, ...)
{
    long a[4];
    va_list list;
    va_start(list, what);
    for (int i = 0; i < 4; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    return (int)result(call(SYS_prctl, what, a[0], a[1], a[2], a[3], 0));
}

long system_call(long n, const long a[static 6])
{
    return result(call(n, a[0], a[1], a[2], a[3], a[4], a[5]));
}

_Noreturn void _exit(int code)
{
    for (;;)
        call(SYS_exit_group, code, 0, 0, 0, 0, 0);
}

/* ---- what has no function of its own ---- */

pid_t thread_number(void)
{
    return (pid_t)call(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

int signal_thread(pid_t number, int signal)
{
    return (int)result(call(SYS_tgkill, call(SYS_getpid, 0, 0, 0, 0, 0, 0), number, signal, 0, 0, 0));
}

void futex_wait(const uint32_t *word, uint32_t value, const struct timespec *most)
{
    call(SYS_futex, L(word), FUTEX_WAIT_PRIVATE, L(value), L(most), 0, 0);
}

void futex_wake(const uint32_t *word)
{
    call(SYS_futex, L(word), FUTEX_WAKE_PRIVATE, INT32_MAX, 0, 0, 0);
}
