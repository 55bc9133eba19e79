// attack: takes the CPU before others: real time, deadline, negative nice, I/O priority, core scheduling
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/resource.h>

int main(void)
{
    struct sched_param p = {.sched_priority = 1};
    DENIED(sched_setscheduler(0, SCHED_FIFO, &p));
    DENIED(sched_setscheduler(0, SCHED_RR, &p));
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } a = {.size = 48, .policy = 6, .runtime = 1000000, .deadline = 10000000, .period = 10000000};
    DENIED(syscall(SYS_sched_setattr, 0, &a, 0));
    STOPPED(setpriority(PRIO_PROCESS, 0, -20), EACCES, EPERM);
    STOPPED(setpriority(PRIO_USER, 0, -1), EACCES, EPERM);
    DENIED(syscall(SYS_ioprio_set, 1, 0, 1 << 13));
    DENIED(syscall(SYS_prctl, 62 /* PR_SCHED_CORE */, 1, 0, 0, 0));
    sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){0});
    return finish();
}
