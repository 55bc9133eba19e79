/* The end of a run: kill, wait, drain, tell, remove. Order matters. The program is our child in another pid
 * namespace, and the kernel lets that namespace's init end only when all in it have been reaped: so the
 * program is reaped first. With its wait status and the pipes at their end there is nothing left to learn, so
 * the answer leaves (PHASE_OVER); init's death is waited for behind it. Where something else in the box still
 * holds a pipe, only init's death shows that every writer is dead, and the answer waits for that. The box was
 * ordered to die before in any case. */
#include "run/execute.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    END_US = 5000000,      /* a box that takes longer to die is killed again, and the log says so */
    DRAIN_AGAIN_US = 2000, /* a writer's last descriptor is closed a moment after its death */
    DRAIN_TRIES = 50,
    REAP_LEAST_US = 500,
    REAP_MOST_US = 100000,
};

static void on_end_deadline(evutil_socket_t fd, short what, void *context);
static void on_drain(evutil_socket_t fd, short what, void *context);

void run_unwatch_all(struct run *run)
{
    struct event *events[] = {&run->box_event,     &run->init_event,  &run->oom_event,
                              &run->program_event, &run->deadline,    &run->wall,
                              &run->cpu,           &run->input.event, &run->order.event};
    for (size_t i = 0; i < array_length(events); i++)
        run_unwatch(events[i]);
    for (size_t i = 0; i < STREAM_COUNT; i++)
        run_unwatch(&run->streams[i].event);
}

void run_free(struct run *run)
{
    run_stop_waiting(run);
    run_unwatch_all(run);
    link_end(run);
    for (size_t i = 0; i < STREAM_COUNT; i++)
        close_fd(&run->streams[i].fd);
    close_fd(&run->input.fd);
    close_fd(&run->order.fd);
    for (size_t i = 0; i < array_length(run->child_fds); i++)
        close_fd(&run->child_fds[i]);
    close_fd(&run->payload);
    if (run->program)
        program_free(run->program);
    if (run->box)
        box_free(run->box);
    if (run->input.pending)
        evbuffer_free(run->input.pending);
    plan_free(&run->plan);
    if (run->env->alive)
        --*run->env->alive;
    free(run);
}

/* ---- beginning of the end ---- */

void run_finish_box(struct run *run)
{
    run->box_died |= !run->box;
    if (run->box_died)
        return;
    if (box_state(run->box) == BOX_READY) /* it has nothing to say any more */
        run_unwatch(&run->box_event);
    if (!event_initialized(&run->init_event) && box_init_fd(run->box) >= 0)
        run_watch_init(run);
    box_kill(run->box); /* if it has no init yet, then as soon as it has */
}

void run_finish(struct run *run, enum run_reason reason)
{
    if (run->phase >= PHASE_KILL)
        return;
    run->reason = reason;
    run->in_compile = run->phase == PHASE_COMPILE || run->phase == PHASE_COMPILE_START;
    run->phase = PHASE_KILL;
    run->ended_ns = clock_now_ns();
    clocks_stop(run);
    run_stop_waiting(run);
    run_unwatch(&run->oom_event);
    if (run->program)
        program_kill(run->program); /* or it could see its input end, and exit by itself first */
    feed_close(&run->input);
    feed_close(&run->order);
    /* The program's own ends: a writer that never was would keep a pipe open. */
    for (size_t i = 0; i < array_length(run->child_fds); i++)
        close_fd(&run->child_fds[i]);
    if (run->usage_taken &&
        box_usage(run->box, USAGE_CPU | USAGE_MEMORY_PEAK | USAGE_PROCESSES_PEAK | USAGE_OOM, &run->last) < 0)
        log_warning("run", "%s: what it used could not be read", run->language->name);
    if (run->paused) {
        run->paused = false;
        streams_watch(run, true);
    }
    run_finish_box(run);
    /* Nothing may be told from within a caller's call: without a box no other event would come. */
    int r = run->box ? run_after(run, &run->deadline, END_US, on_end_deadline, NULL)
                     : run_after(run, &run->deadline, 0, on_drain, NULL);
    if (r < 0)
        log_error("run", "no timer for the end of a box");
}

void run_fault(struct run *run, int code, const char *format, ...)
{
    struct error fault = {.code = code ? code : EIO};
    va_list args;
    if (run->phase >= PHASE_KILL)
        return;
    va_start(args, format);
    vsnprintf(fault.text, sizeof fault.text, format, args);
    va_end(args);
    if (run_fall_back(run, &fault))
        return;
    run->fault = fault;
    run_finish(run, REASON_FAULT);
}

static void on_end_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    log_warning("run", "%s: a box does not die; killing it again", run->language->name);
    box_kill(run->box);
    if (run_after(run, &run->deadline, END_US, on_end_deadline, NULL) < 0)
        log_error("run", "no timer for the end of a box");
}

/* ---- the result ---- */

static enum run_status status_of(const struct run *run)
{
    if (run->reason == REASON_REFUSED)
        return RUN_error;
    bool killed = !run->reaped || (run->end.signaled && run->end.code == SIGKILL);
    bool cut = run->streams[RUN_STDOUT].truncated || run->streams[RUN_STDERR].truncated;
    if (run->reason == REASON_OUTPUT)
        return RUN_output_limit;
    if (run->reason == REASON_MEMORY || run->last.oom_killed)
        return RUN_memory;
    /* It may have ended by itself in the moment before we struck. */
    if (killed && run->reason == REASON_TIMEOUT)
        return RUN_timeout;
    if (killed && run->reason != REASON_NONE)
        return RUN_killed;
    if (cut)
        return RUN_output_limit;
    if (run->end.signaled && run->end.code == SIGSYS)
        return RUN_killed;
    if (!run->end.signaled && run->end.code == 0)
        return RUN_ok;
    return run->in_compile ? RUN_compile_error : RUN_error;
}

static uint64_t over(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static struct run_result result_of(const struct run *run)
{
    const struct cgroup_usage *base = &run->base, *last = &run->last;
    struct run_result result = {
        .status = status_of(run),
        .signaled = run->reaped ? run->end.signaled : true,
        .code = run->reaped ? run->end.code : SIGKILL,
        .stdout_truncated = run->streams[RUN_STDOUT].truncated,
        .stderr_truncated = run->streams[RUN_STDERR].truncated,
        .warm = run->warm,
        .limits = run->limits,
        .box_us = over(run->boxed_ns, run->began_ns) / 1000,
        .start_us = over(run->user_ns, run->launched_ns) / 1000,
        .teardown_us = over(clock_now_ns(), run->ended_ns) / 1000,
        .in_compile = run->in_compile,
    };
    if (run->reason == REASON_REFUSED) { /* as a shell says it */
        result.signaled = false;
        result.code = 126;
    }
    if (run->user_ns == 0) /* cancelled before any of its code could run */
        return result;
    result.wall_us = over(run->ended_ns, run->user_ns) / 1000;
    result.cpu_us = over(last->cpu_ns, base->cpu_ns) / 1000;
    result.memory_bytes = over(last->memory_peak_bytes, base->memory_bytes);
    result.processes = 1 + over(last->processes_peak, base->processes);
    return result;
}

/* ---- the end itself ---- */

static void on_reap(evutil_socket_t fd, short what, void *context);

static void reap_box(struct run *run)
{
    struct error err;
    int r = run->box ? box_reap(run->box, &err) : 0;
    if (r == -EBUSY) {
        uint64_t us = (uint64_t)REAP_LEAST_US << (run->tries < 8 ? run->tries : 8);
        run->tries++;
        if (run_after(run, &run->deadline, us < REAP_MOST_US ? us : REAP_MOST_US, on_reap, NULL) == 0)
            return;
    }
    if (r < 0)
        log_error("run", "%s: a box's group is left: %s", run->language->name, err.text);
    run_free(run);
}

static void on_reap(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    reap_box(context);
}

static void say(struct run *run, const char *text)
{
    run->callbacks.output(run->context, RUN_STDERR, text, strlen(text));
}

/* What is left to remove costs the client nothing. */
static void tell(struct run *run)
{
    run->phase = PHASE_OVER;
    run->tries = 0;
    for (size_t i = 0; i < STREAM_COUNT; i++)
        stream_close(&run->streams[i]);
    link_end(run);
    if (run->reason == REASON_DISK)
        say(run, "phial: the files do not fit into disk_bytes\n");
    if (run->reason == REASON_REFUSED)
        say(run, "phial: what was compiled is not a program that the kernel executes\n");
    if (run->reason == REASON_FAULT) {
        run->callbacks.ended(run->context, NULL, &run->fault);
    } else {
        struct run_result result = result_of(run);
        run->callbacks.ended(run->context, &result, NULL);
    }
}

static void on_drain(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    run_try_end(context);
}

/* True when the program, if there was one, is dead and reaped. */
static bool program_gone(struct run *run)
{
    if (!run->program)
        return true;
    if (program_state(run->program) == PROGRAM_STARTING)
        return false;
    if (program_pidfd(run->program) >= 0 && !run->reaped) {
        int r = program_reap(run->program, &run->end);
        if (r == -EAGAIN)
            return false;
        if (r < 0)
            log_error("run", "%s: the program's end is not known: %s", run->language->name, strerror(-r));
        run->reaped = r == 0;
    }
    run_unwatch(&run->program_event);
    program_free(run->program);
    run->program = NULL;
    return true;
}

/* True when nothing more can come out of the box, or we have waited long enough for it. */
static bool streams_over(struct run *run)
{
    if (streams_drain(run))
        return true;
    return run->box_died && (run->tries++ >= DRAIN_TRIES ||
                             run_after(run, &run->deadline, DRAIN_AGAIN_US, on_drain, NULL) < 0);
}

void run_try_end(struct run *run)
{
    if (run->phase == PHASE_KILL && program_gone(run) && streams_over(run))
        tell(run);
    if (run->phase == PHASE_OVER && run->box_died)
        reap_box(run);
}
