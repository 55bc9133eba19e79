/* Functions of the C library that the runtime calls and that would stand in the way of a freeze. Once it is
 * frozen, and so in every clone, they do what the library's do. */
#include "template/engine/engine.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { INTERNAL_FIRST = 32 };
#define INTERPOSED __attribute__((visibility("default")))

static long set_mask(int how, const sigset_t *set, sigset_t *old)
{
    uint64_t mask = 0;
    if (set)
        memcpy(&mask, set, sizeof mask);
    /* The C library's own signals are never blocked (nptl(7)), and a thread that blocks ours would never
     * stop.
     */
    if (how != SIG_UNBLOCK)
        mask &= ~(UINT64_C(3) << (INTERNAL_FIRST - 1));
    if (engine.phase == ENGINE_BOOTING && how != SIG_UNBLOCK)
        mask &= ~(UINT64_C(1) << (FREEZE_SIGNAL - 1));
    return syscall(SYS_rt_sigprocmask, (long)how, set ? &mask : NULL, old, (long)sizeof mask);
}

INTERPOSED int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    return (int)set_mask(how, set, old);
}

INTERPOSED int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    int kept = errno, r = set_mask(how, set, old) < 0 ? errno : 0;
    errno = kept;
    return r;
}

/* A ring of io_uring is memory shared with the kernel, of which no copy can be made. Runtimes do without
 * where they are refused one, as the filter refuses it to every run. */
INTERPOSED long syscall(long n, ...)
{
    long a[6];
    va_list list;
    va_start(list, n);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    if (engine.phase == ENGINE_BOOTING && n == SYS_io_uring_setup) {
        errno = ENOSYS;
        return -1;
    }
    return system_call(n, a);
}

/* V8 asks that its memory not be copied to children of a fork: but a clone is to have it. */
INTERPOSED int madvise(void *at, size_t size, int advice)
{
    if (engine.phase == ENGINE_BOOTING && advice == MADV_DONTFORK)
        return 0;
    return (int)syscall(SYS_madvise, at, size, (long)advice);
}
