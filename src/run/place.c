/* Where a run takes place: in a clone of a warm runtime if there is one, else in a fresh box in which the
 * runtime boots. A clone that fails before it was given its order has seen nothing of the user's but files:
 * then the run boots cold instead, and nobody hears of it but the log. */
#include "run/execute.h"

#include <errno.h>
#include <stdio.h>

enum {
    WAIT_US = 4000000, /* for a clone; a boot takes less */
    TELL_AGAIN_S = 10,
};

/* ---- a clone ---- */

static int take_pipes(struct run *run, const struct clone *clone, struct error *err)
{
    const int ours[STREAM_COUNT] = {clone->output, clone->error, clone->report};
    int r = 0;
    feed_take(run, &run->input, clone->input);
    feed_take(run, &run->order, clone->order);
    for (size_t i = 0; i < STREAM_COUNT; i++) { /* all of them, since they are ours now */
        int e = stream_take(run, (enum run_stream)i, ours[i], err);
        r = r < 0 ? r : e;
    }
    return r;
}

static void set_limits(struct run *run, const struct cgroup_limits *now)
{
    struct error err;
    uint64_t memory = run->base.memory_bytes + run->limits.memory_bytes;
    uint64_t processes = run->base.processes + run->limits.processes - 1;
    if ((memory != now->memory_bytes || processes != now->processes) &&
        group_limits(run, memory, processes, &err) < 0)
        log_warning("run", "%s: the limits of the clone stay in force: %s", run->language->name, err.text);
}

static void take_clone(struct run *run, const struct clone *clone)
{
    struct error err;
    run->warm = true;
    run->box = clone->box;
    run->program = clone->program;
    run->base = clone->base;
    run->usage_taken = true;
    run->boxed_ns = run->launched_ns = clock_now_ns();
    box_close_entrance(run->box);
    int r = take_pipes(run, clone, &err);
    if (r == 0)
        set_limits(run, &clone->limits);
    if (r == 0)
        r = run_begin_warm(run, &err);
    if (r < 0)
        run_fault(run, -r, "take a clone: %s", err.text);
}

/* ---- waiting for one ---- */

static void boot_instead(struct run *run)
{
    struct error err;
    int r = run_begin_cold(run, &err);
    if (r < 0)
        run_fault(run, -r, "%s", err.text);
}

static void on_clone(void *context, const struct clone *clone)
{
    struct run *run = context;
    run->ask = NULL;
    run_unwatch(&run->deadline);
    if (clone)
        take_clone(run, clone);
    else
        boot_instead(run);
}

static void on_wait(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    run_stop_waiting(run);
    boot_instead(run);
}

void run_stop_waiting(struct run *run)
{
    if (run->ask)
        templates_forget(run->ask);
    run->ask = NULL;
}

int run_begin(struct run *run, struct error *err)
{
    struct clone clone;
    if (!run->env->templates || !run->language->template.warm_up)
        return run_begin_cold(run, err);
    run->phase = PHASE_CLONE;
    int r = templates_take(run->env->templates, run->language, run->limits.disk_bytes,
                           language_disk_files(run->limits.disk_bytes), &clone, on_clone, run, &run->ask);
    if (r < 0)
        return run_begin_cold(run, err);
    if (r == 0)
        return run_after(run, &run->deadline, WAIT_US, on_wait, err);
    take_clone(run, &clone);
    return 0;
}

/* ---- back to a boot ---- */

static void tell_of_fault(struct run *run, const struct error *why)
{
    struct run_faults *faults = run->env->faults;
    uint64_t now = clock_now_ns();
    faults->count++;
    if (faults->told_ns && now - faults->told_ns < TELL_AGAIN_S * UINT64_C(1000000000))
        return;
    faults->told_ns = now;
    log_warning("run", "%s: a warm run begins again cold (number %llu): %s", run->language->name,
                (unsigned long long)faults->count, why->text);
}

bool run_fall_back(struct run *run, const struct error *why)
{
    if (!run->warm || run->phase > PHASE_FILES)
        return false;
    struct clone clone = {.box = run->box, .program = run->program};
    int *const taken[] = {&clone.input, &clone.order, &clone.output, &clone.error, &clone.report};
    int *const ours[] = {&run->input.fd, &run->order.fd, &run->streams[RUN_STDOUT].fd,
                         &run->streams[RUN_STDERR].fd, &run->streams[RUN_REPORT].fd};
    run_unwatch_all(run);
    for (size_t i = 0; i < array_length(taken); i++)
        *taken[i] = steal_fd(ours[i]);
    clone_discard(run->env->templates, &clone);
    tell_of_fault(run, why);
    run->box = NULL;
    run->program = NULL;
    run->warm = run->reaped = run->box_died = run->usage_taken = false;
    run->files_sent = run->ready_bytes = 0;
    run->base = (struct cgroup_usage){0};
    boot_instead(run);
    return true;
}
