/* The user's clocks and what is measured: wall time, CPU time, memory. CPU time cannot be waited for, so it
 * is read at the earliest moment at which it could have reached its bound, and then again. */
#include "run/execute.h"

#include <errno.h>
#include <sched.h>

enum { CPU_LOOK_LEAST_US = 5000 };

int usage_base(struct run *run, bool program_counted, struct error *err)
{
    int r = box_usage_anew(run->box, &run->base);
    if (r < 0)
        return error_set(err, -r, "read what the box uses: %m");
    if (!program_counted) /* it is about to start; the answer counts it as the user's first */
        run->base.processes++;
    run->usage_taken = true;
    return 0;
}

int group_limits(struct run *run, uint64_t memory_bytes, uint64_t processes, struct error *err)
{
    struct cgroup_limits limits = {memory_bytes, processes, run->env->cpu_percent};
    return box_set_limits(run->box, &limits, err);
}

static void on_wall(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    run_finish(context, REASON_TIMEOUT);
}

/* How many nanoseconds of CPU a run can take in one nanosecond. */
static uint64_t cpu_rate(const struct run *run)
{
    cpu_set_t set;
    uint64_t cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? (uint64_t)CPU_COUNT(&set) : 1;
    uint64_t bound = ((uint64_t)run->env->cpu_percent + 99) / 100;
    return bound > 0 && bound < cpus ? bound : cpus > 0 ? cpus : 1;
}

static void on_cpu(evutil_socket_t fd, short what, void *context);

static int cpu_arm(struct run *run, uint64_t used_ns, struct error *err)
{
    uint64_t us = (run->limits.cpu_ms * 1000000 - used_ns) / cpu_rate(run) / 1000;
    return run_after(run, &run->cpu, us > CPU_LOOK_LEAST_US ? us : CPU_LOOK_LEAST_US, on_cpu, err);
}

static void on_cpu(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    struct cgroup_usage usage;
    int r = box_usage(run->box, USAGE_CPU, &usage);
    if (r < 0) {
        run_fault(run, -r, "read what the box uses");
        return;
    }
    uint64_t used = usage.cpu_ns > run->base.cpu_ns ? usage.cpu_ns - run->base.cpu_ns : 0;
    if (used >= run->limits.cpu_ms * 1000000)
        run_finish(run, REASON_TIMEOUT);
    else if ((r = cpu_arm(run, used, NULL)) < 0)
        run_fault(run, -r, "set the timer of the CPU limit");
}

int clocks_start(struct run *run, struct error *err)
{
    run->user_ns = clock_now_ns();
    int r = run_after(run, &run->wall, run->limits.wall_ms * 1000, on_wall, err);
    return r < 0 ? r : cpu_arm(run, 0, err);
}

void clocks_stop(struct run *run)
{
    run_unwatch(&run->wall);
    run_unwatch(&run->cpu);
}

static void on_oom(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    run_unwatch(&run->oom_event);
    if (run->phase == PHASE_BOOT || (run->phase == PHASE_START && run->language->harness))
        run_fault(run, ENOMEM, "%s: the runtime did not boot within its memory (boot.memory_bytes)",
                  run->language->name);
    else
        run_finish(run, REASON_MEMORY);
}

int oom_watch(struct run *run, struct error *err)
{
    int fd = box_oom_fd(run->box);
    return fd < 0 ? 0 : run_watch(run, &run->oom_event, fd, EV_READ | EV_PERSIST, on_oom, err);
}
