/* Threads of a clone: each is made anew on its stack, with its number, and goes on inside the handler in
 * which it was stopped. Credentials belong to threads, so each drops its capabilities itself; nothing goes on
 * before all have. */
#include "template/engine/engine.h"

#include <errno.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <sys/syscall.h>

/* Absent in a C library older than 2.35; the area lies at this distance from the thread pointer. */
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

enum { RSEQ_BYTES = 32, REVIVE_SECONDS = 5 };

/* CLONE_VM leaves the child without its area (kernel/rseq.c), which the C library reads for sched_getcpu().
 */
static long register_rseq(const struct parked_thread *t)
{
    if (!&__rseq_size || !__rseq_size)
        return 0;
    uintptr_t area = t->thread_pointer + (uintptr_t)__rseq_offset;
    return syscall(SYS_rseq, area, (long)RSEQ_BYTES, 0L, (long)RSEQ_SIG);
}

static void count_in(int error)
{
    if (error)
        __atomic_store_n(&engine.failed, (uint32_t)error, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&engine.revived, 1, __ATOMIC_SEQ_CST);
    futex_wake(&engine.revived);
}

/* In the new thread. Its number the kernel has written (CLONE_PARENT_SETTID); mask, alternate stack and
 * registers come back with the end of the handler. */
void thread_revived(const struct parked_thread *t)
{
    int error = 0;
    if (syscall(SYS_set_robust_list, t->robust_list, t->robust_size) < 0 || register_rseq(t) < 0 ||
        prctl(PR_SET_NAME, t->name, 0L, 0L, 0L) < 0)
        error = errno;
    int r = drop_own_capabilities();
    if (r == 0)
        r = verify_dropped(engine.making.order.uid);
    count_in(r < 0 ? -r : error);
    while (!__atomic_load_n(&engine.released, __ATOMIC_SEQ_CST))
        futex_wait(&engine.released, 0, NULL);
}

/* clone(2): what pthread_create() asks for, and, by set_tid, the old number. */
int revive_threads(struct making *m)
{
    (void)m;
    for (size_t i = 0; i < engine.thread_count; i++) {
        const struct parked_thread *t = &engine.threads[i];
        pid_t number = t->number;
        struct clone_args args = {
            .flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
            .parent_tid = (uintptr_t)t->number_address,
            .child_tid = (uintptr_t)t->number_address,
            .tls = t->thread_pointer,
            .set_tid = (uintptr_t)&number,
            .set_tid_size = 1,
        };
        long r = engine_clone_thread(&args, sizeof args, t->stack);
        if (r < 0)
            return (int)r;
    }
    return 0;
}

int drop_capabilities(struct making *m)
{
    const struct timespec step = {REVIVE_SECONDS, 0};
    int r = drop_own_capabilities();
    if (r == 0)
        r = verify_dropped(m->order.uid);
    /* As after exec: the run's user may look at itself in proc. ptrace and its kin the filter forbids. */
    if (r == 0 && prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L) < 0)
        r = -errno;
    for (uint32_t now;
         r == 0 && (now = __atomic_load_n(&engine.revived, __ATOMIC_SEQ_CST)) < engine.thread_count;) {
        uint64_t before = clock_now_ns();
        futex_wait(&engine.revived, now, &step);
        if (clock_now_ns() - before > REVIVE_SECONDS * UINT64_C(900000000))
            r = -ETIMEDOUT;
    }
    uint32_t failed = __atomic_load_n(&engine.failed, __ATOMIC_SEQ_CST);
    return r == 0 && failed ? -(int)failed : r;
}

/* The last that the library does. The signal has its default effect again. */
void release_threads(void)
{
    struct { /* as the kernel has it: rt_sigaction(2) */
        void (*handler)(int);
        unsigned long flags;
        void (*restorer)(void);
        unsigned long mask;
    } standard = {SIG_DFL, 0, NULL, 0};
    syscall(SYS_rt_sigaction, (long)FREEZE_SIGNAL, &standard, NULL, (long)sizeof standard.mask);
    engine.phase = ENGINE_LIVE;
    __atomic_store_n(&engine.released, 1, __ATOMIC_SEQ_CST);
    futex_wake(&engine.released);
}
