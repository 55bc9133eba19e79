/* Making a box is a relay: the executor, the maker, init, the executor, the maker, the program, the executor,
 * each waiting for the one before. To wake an idle CPU for each leg costs more than the leg. So all run it on
 * the CPU that the executor is on, and init and program may use every CPU again before any user code comes.
 */
#include "sandbox/box/box.h"

#include <errno.h>
#include <sched.h>

int stay_on_cpu(uint32_t cpu)
{
    cpu_set_t one;
    if (cpu >= CPU_SETSIZE)
        return 0;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    /* EINVAL: the CPU went offline, or our cpuset changed since. Then it runs wherever it may. */
    return sched_setaffinity(0, sizeof one, &one) < 0 && errno != EINVAL ? -errno : 0;
}

/* All bits set: the kernel takes those that the cpuset allows (sched_setaffinity(2)). */
int leave_cpu(struct making *m)
{
    cpu_set_t all;
    (void)m;
    memset(&all, 0xff, sizeof all);
    return sched_setaffinity(0, sizeof all, &all) < 0 ? -errno : 0;
}
