#include "executor/cpu.h"

#include "base/base.h"

#include <sched.h>
#include <string.h>

enum {
    STAY = 1,
    LEAVE = 3, /* runs; apart from STAY, or one that comes and goes would move us each time */
    AGAIN_MS = 2000,
};

static void stay_here(struct cpu_choice *choice)
{
    cpu_set_t one;
    int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE)
        return;
    CPU_ZERO(&one);
    CPU_SET(here, &one);
    choice->stays = sched_setaffinity(0, sizeof one, &one) == 0;
    choice->since_ns = clock_now_ns();
}

/* All bits set: the kernel takes those that the cpuset allows. */
static void go_anywhere(struct cpu_choice *choice)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    choice->stays = sched_setaffinity(0, sizeof all, &all) < 0;
}

void cpu_choose(struct cpu_choice *choice, size_t running)
{
    if (!choice->stays && running == STAY)
        stay_here(choice);
    else if (choice->stays && (running >= LEAVE || (running == 0 && clock_now_ns() - choice->since_ns >=
                                                                        AGAIN_MS * UINT64_C(1000000))))
        go_anywhere(choice);
}
