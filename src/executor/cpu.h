/* cpu: on which CPUs the executor runs.
 *
 * A run that is alone is a relay: frontend, executor, init, executor, program, executor, frontend, each
 * waiting for the one before. A relay that stays on one CPU is a third faster than one that wakes an idle one
 * for each leg. But many runs need the executor wherever there is room. So it stays while it is quiet. */
#ifndef PHIAL_EXECUTOR_CPU_H
#define PHIAL_EXECUTOR_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu_choice {
    bool stays;
    uint64_t since_ns; /* CLOCK_MONOTONIC */
};

/* To be told whenever a run has begun or ended. Keeps this thread on the CPU that it is on while few runs are
 * running, and lets it go anywhere that its cpuset allows (sched_setaffinity(2)) when they are more; and now
 * and then between two runs, lest it stay where something else is busy. On failure it goes on where it may:
 * that costs time only. */
void cpu_choose(struct cpu_choice *choice, size_t running);

#endif
