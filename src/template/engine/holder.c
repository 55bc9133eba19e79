/* The holder: a process that shares the clone's memory and nothing else, and does nothing. When the program
 * ends, the kernel would first take down all of its memory, a millisecond or more for a virtual machine, and
 * only then give its parent the wait status (kernel/exit.c, exit_mm() before exit_notify()); while another
 * process has the memory, it does not. The holder ends with the box, after the answer has left. It is made
 * when the walls stand and has no more rights than the program, which may kill it or write all over it: then
 * the program's end takes a little longer. */
#include "template/engine/engine.h"

#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { HOLD_TRIES = 5 };

static _Noreturn void hold(void *argument)
{
    uint32_t *holds = argument;
    prctl(PR_SET_NAME, "phial-holder", 0L, 0L, 0L);
    if (close_range(0, ~0u, 0) < 0)
        _exit(1); /* the look from outside misses it, then */
    __atomic_store_n(holds, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, holds, (long)FUTEX_WAKE, 1L, NULL, NULL, 0L); /* another process: not private */
    for (;;)
        syscall(SYS_ppoll, NULL, 0L, NULL, NULL, 0L);
}

/* Its exit signal is 0: wait(2), a parent that asks for its children does not meet it (__WCLONE). */
int leave_holder(struct making *m)
{
    static _Alignas(16) unsigned char stack[4096];
    static uint32_t holds;
    static const struct timespec most = {1, 0};
    (void)m;
    long r = engine_clone_call(CLONE_VM, stack + sizeof stack, hold, &holds);
    if (r < 0)
        return (int)r;
    for (int i = 0; i < HOLD_TRIES && !__atomic_load_n(&holds, __ATOMIC_SEQ_CST); i++)
        syscall(SYS_futex, &holds, (long)FUTEX_WAIT, 0L, &most, NULL, 0L);
    return __atomic_load_n(&holds, __ATOMIC_SEQ_CST) ? 0 : -ETIMEDOUT;
}
