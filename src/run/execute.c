/* run: one request in one box, on the event loop.
 *
 * Theory of operation. A run is a row of steps (enum run_phase); each is begun by a function here and ended
 * by an event: the box is ready, the files are written, the program has passed the check and was let go, the
 * runtime says `ready`, the program's first process ends. A limit, a cancel or a fault can end it in every
 * step: that is run_finish() (finish.c), which kills the box; when init and program are dead, the pipes are
 * read to their end and `ended` is called. The reason is what we know, the exit code what the kernel says;
 * nothing that comes out of the box is believed.
 *
 *   box_make -> files -> [compile -> clear] -> start -> run -> kill -> drain -> ended
 *   box_make -> start -> boot until `ready` -> files -> order -> run -> kill -> drain -> ended   (with a
 * harness)
 *   clone -> files -> order -> run -> kill -> drain -> ended   (warm)
 *
 * The user's clocks run in the steps that run the user's code: compile and run, each with the whole limit.
 * SIGPIPE must be ignored in this process.
 */
#include "run/execute.h"

#include "base/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum {
    SETUP_US = 10000000, /* for each step that is ours alone */
    FILES_AHEAD = 16,    /* asked of the box's init before it has answered */
    DISK_BYTES_PER_FILE = 4096,
};

static void on_box(evutil_socket_t fd, short what, void *context);
static void on_init(evutil_socket_t fd, short what, void *context);
static void on_program(evutil_socket_t fd, short what, void *context);
static void on_deadline(evutil_socket_t fd, short what, void *context);
static void put_files(struct run *run);

/* ---- events ---- */

void run_unwatch(struct event *event)
{
    loop_unwatch(event);
}

int run_watch(struct run *run, struct event *event, int fd, short what, event_callback_fn callback,
              struct error *err)
{
    return loop_watch(event, run->env->loop, fd, what, callback, run, err);
}

int run_after(struct run *run, struct event *event, uint64_t us, event_callback_fn callback,
              struct error *err)
{
    return loop_after(event, run->env->loop, us, callback, run, err);
}

/* A runtime with a harness boots in an empty box: what it reports before its order is believed, so nothing of
 * the user's may be there for it to load by itself (~/.erlang, Python's usercustomize). A compiler needs the
 * files. */
static bool files_come_first(const struct run *run)
{
    return run->plan.compile[0] || !run->language->harness;
}

/* ---- starting a program ---- */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* A compiler needs what it needs, however little the run may have. */
static uint64_t compile_memory(const struct run *run)
{
    uint64_t memory = larger(run->limits.memory_bytes, run->language->limits.memory_bytes);
    return memory < run->env->ceiling.memory_bytes ? memory : run->env->ceiling.memory_bytes;
}

static uint64_t compile_processes(const struct run *run)
{
    uint64_t processes = larger(run->limits.processes, run->language->limits.processes);
    return processes < run->env->ceiling.processes ? processes : run->env->ceiling.processes;
}

/* An input that is at its end at once. */
static int open_empty_input(int *child_end, struct error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set(err, errno, "make a pipe: %m");
    close(ends[1]);
    *child_end = ends[0];
    return 0;
}

static int open_pipes(struct run *run, bool compile, struct error *err)
{
    int *child = run->child_fds, r = 0;
    /* Compile step and run write into the same two pipes, one after the other. */
    if (child[1] < 0)
        r = stream_open(run, RUN_STDOUT, &child[1], err);
    if (r == 0 && child[2] < 0)
        r = stream_open(run, RUN_STDERR, &child[2], err);
    if (r == 0)
        r = compile ? open_empty_input(&child[0], err) : feed_open(run, &run->input, &child[0], err);
    if (r < 0 || compile || !run->language->harness)
        return r;
    r = feed_open(run, &run->order, &child[3], err);
    return r < 0 ? r : stream_open(run, RUN_REPORT, &child[4], err);
}

static void close_child_fds(struct run *run, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        close_fd(&run->child_fds[i]);
}

/* What counts as the user's begins here: for a runtime with a harness only when it has reported. */
static int set_base(struct run *run, bool compile, struct error *err)
{
    int r = usage_base(run, false, err);
    if (r < 0 || (!compile && run->language->harness))
        return r;
    uint64_t memory = compile ? compile_memory(run) : run->limits.memory_bytes;
    uint64_t processes = compile ? compile_processes(run) : run->limits.processes;
    return group_limits(run, run->base.memory_bytes + memory, run->base.processes + processes - 1, err);
}

static int launch(struct run *run, bool compile, struct error *err)
{
    const char *const *argv = (const char *const *)(compile ? run->plan.compile : run->plan.argv);
    const char *const *env = (const char *const *)(compile ? run->plan.compile_env : run->plan.env);
    bool harness = !compile && run->language->harness;
    struct program_spec spec = {argv, env, run->child_fds, harness ? 5 : 3, run->filter};
    run->phase = compile ? PHASE_COMPILE_START : PHASE_START;
    run->launched_ns = clock_now_ns();
    int r = open_pipes(run, compile, err);
    if (r == 0)
        r = set_base(run, compile, err);
    if (r == 0)
        r = program_start(run->box, &spec, &run->program, err);
    if (r == 0)
        r = run_watch(run, &run->program_event, program_fd(run->program), EV_READ | EV_PERSIST, on_program,
                      err);
    return r;
}

static void start_program(struct run *run, bool compile)
{
    struct error err;
    int r = launch(run, compile, &err);
    if (r < 0)
        run_fault(run, -r, "start %s: %s", compile ? "the compiler" : "the program", err.text);
}

void run_user_may_run(struct run *run)
{
    struct error err;
    run_unwatch(&run->deadline);
    int r = clocks_start(run, &err);
    if (r < 0) {
        run_fault(run, -r, "%s", err.text);
        return;
    }
    if (!run->started && run->callbacks.started)
        run->callbacks.started(run->context);
    run->started = true;
}

/* The program was let go. */
static void program_runs(struct run *run)
{
    struct error err;
    bool compile = run->phase == PHASE_COMPILE_START;
    bool harness = !compile && run->language->harness;
    int r = run_watch(run, &run->program_event, program_pidfd(run->program), EV_READ | EV_PERSIST, on_program,
                      &err);
    close_child_fds(run, 0, compile ? 1 : array_length(run->child_fds));
    if (!compile)
        box_close_entrance(run->box);
    run->phase = compile ? PHASE_COMPILE : harness ? PHASE_BOOT : PHASE_RUN;
    if (r == 0 && harness)
        r = run_after(run, &run->deadline, run->language->boot.wall_ms * 1000, on_deadline, &err);
    if (r < 0) {
        run_fault(run, -r, "%s", err.text);
        return;
    }
    if (!harness)
        run_user_may_run(run);
    if (!compile)
        feed_go(run, &run->input);
}

static void give_order(struct run *run)
{
    /* The last moment at which a clone that has died can be replaced. */
    if (run->warm && program_reap(run->program, &run->end) != -EAGAIN) {
        run_fault(run, EIO, "the clone died while it waited");
        return;
    }
    close_fd(&run->payload);
    run->phase = PHASE_RUN;
    run->order.close_when_empty = run->order.close_when_empty || !run->linked;
    run_user_may_run(run);
    feed_go(run, &run->order);
    if (run->warm) /* not before: had the clone failed, what it had read would be lost */
        feed_go(run, &run->input);
}

void run_harness_ready(struct run *run)
{
    struct error err;
    if (run->phase != PHASE_BOOT) /* killed in the meantime */
        return;
    int r = usage_base(run, true, &err);
    if (r == 0 && group_limits(run, run->base.memory_bytes + run->limits.memory_bytes,
                               run->base.processes + run->limits.processes - 1, &err) < 0)
        log_warning("run", "%s: limits of the boot stay in force: %s", run->language->name, err.text);
    if (r < 0) {
        run_fault(run, -r, "%s", err.text);
        return;
    }
    run->phase = PHASE_FILES;
    if ((r = run_after(run, &run->deadline, SETUP_US, on_deadline, &err)) < 0)
        run_fault(run, -r, "%s", err.text);
    else
        put_files(run);
}

/* ---- the program's events ---- */

/* The kernel may refuse what the user's own compiler made: not a fault of ours. */
static bool own_program_refused(const struct run *run, int code)
{
    return run->phase == PHASE_START && run->plan.compile[0] &&
           (code == ENOEXEC || code == ENOENT || code == EACCES || code == ENOMEM);
}

static void step_program(struct run *run)
{
    struct error err = {.code = EIO, .text = "it died"};
    int r = program_step(run->program, &err);
    enum program_state state = program_state(run->program);
    if (r == -EAGAIN || (r == 0 && state == PROGRAM_STARTING))
        return;
    run_unwatch(&run->program_event);
    if (r == 0 && state == PROGRAM_RUNNING && run->phase < PHASE_KILL) {
        program_runs(run);
        return;
    }
    /* It did not start, or we are about to end: it has to be reaped all the same. */
    if (program_pidfd(run->program) >= 0 && run_watch(run, &run->program_event, program_pidfd(run->program),
                                                      EV_READ | EV_PERSIST, on_program, NULL) < 0)
        log_error("run", "the end of a program cannot be watched");
    if (state == PROGRAM_FAILED && own_program_refused(run, err.code))
        run_finish(run, REASON_REFUSED);
    else if (state == PROGRAM_FAILED)
        run_fault(run, err.code, "start the program: %s", err.text);
}

static void compiler_ended(struct run *run)
{
    struct error err;
    struct cgroup_usage usage = {0};
    bool good = !run->end.signaled && run->end.code == 0;
    (void)box_usage(run->box, USAGE_OOM, &usage);
    if (!good || usage.oom_killed) {
        run_finish(run, REASON_NONE);
        return;
    }
    clocks_stop(run);
    program_free(run->program);
    run->program = NULL;
    run->reaped = false;
    run->phase = PHASE_CLEAR;
    int r = box_clear(run->box, &err);
    if (r == 0)
        r = run_after(run, &run->deadline, SETUP_US, on_deadline, &err);
    if (r < 0)
        run_fault(run, -r, "%s", err.text);
}

static void program_ended(struct run *run)
{
    int r = program_reap(run->program, &run->end);
    if (r == -EAGAIN)
        return;
    run_unwatch(&run->program_event);
    run->reaped = true;
    if (r < 0)
        run_fault(run, -r, "wait for the program");
    else if (run->phase == PHASE_COMPILE)
        compiler_ended(run);
    else if (run->phase == PHASE_BOOT || run->phase == PHASE_FILES)
        run_fault(run, EIO, "%s: the runtime ended with %s %d before it had its order", run->language->name,
                  run->end.signaled ? "signal" : "exit code", run->end.code);
    else
        run_finish(run, REASON_NONE);
}

static void on_program(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    if (program_state(run->program) == PROGRAM_STARTING)
        step_program(run);
    else if (run->phase < PHASE_KILL)
        program_ended(run);
    run_try_end(run);
}

/* ---- the box's events ---- */

static void put_files(struct run *run)
{
    struct error err;
    while (run->files_sent < run->plan.file_count && box_pending(run->box) < FILES_AHEAD) {
        const struct plan_file *file = &run->plan.files[run->files_sent];
        int r = box_put_file(run->box, file->name, 0644, run->payload, file->offset, file->size, &err);
        if (r == -EAGAIN && box_pending(run->box) > 0)
            return;
        if (r < 0) {
            run_fault(run, -r, "write %s: %s", file->name, err.text);
            return;
        }
        run->files_sent++;
    }
    if (run->files_sent < run->plan.file_count || box_pending(run->box) > 0)
        return;
    if (!files_come_first(run)) {
        give_order(run);
        return;
    }
    close_fd(&run->payload);
    start_program(run, run->plan.compile[0] != NULL);
}

static int watch_box(struct run *run, struct error *err)
{
    int r = run_watch(run, &run->init_event, box_init_fd(run->box), EV_READ | EV_PERSIST, on_init, err);
    return r < 0 ? r : oom_watch(run, err);
}

static void box_ready(struct run *run)
{
    struct error err;
    run->phase = PHASE_FILES;
    run->boxed_ns = clock_now_ns();
    int r = watch_box(run, &err);
    if (r < 0)
        run_fault(run, -r, "%s", err.text);
    else if (files_come_first(run))
        put_files(run);
    else
        start_program(run, false);
}

/* What the user sent may be too much for the limits that he set. */
static void box_failed(struct run *run, const struct error *err)
{
    struct cgroup_usage usage = {0};
    if (box_state(run->box) == BOX_MAKING || run->phase == PHASE_BOX)
        run_fault(run, err->code, "make a box: %s", err->text);
    else if (run->phase == PHASE_FILES && err->code == ENOSPC)
        run_finish(run, REASON_DISK);
    else if (box_usage(run->box, USAGE_OOM, &usage) == 0 && usage.oom_killed)
        run_finish(run, REASON_MEMORY);
    else
        run_fault(run, box_state(run->box) == BOX_DEAD ? EIO : err->code, "%s", err->text);
}

static void on_box(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    struct error err = {.code = EIO, .text = "the box died"};
    int r = box_step(run->box, &err);
    if (r == -EAGAIN)
        return;
    if (r < 0 || box_state(run->box) == BOX_DEAD) {
        run_unwatch(&run->box_event);
        if (run->phase < PHASE_KILL)
            box_failed(run, &err);
        if (run->phase < PHASE_KILL) /* it begins again elsewhere */
            return;
        run_finish_box(run);
        if (box_init_fd(run->box) < 0)
            run->box_died = true;          /* there never was an init */
    } else if (run->phase >= PHASE_KILL) { /* ended while it was being made: init may be known now */
        run_finish_box(run);
    } else if (run->phase == PHASE_BOX && box_state(run->box) == BOX_READY) {
        box_ready(run);
    } else if (run->phase == PHASE_FILES) {
        put_files(run);
    } else if (run->phase == PHASE_CLEAR && box_pending(run->box) == 0) {
        start_program(run, false);
    }
    run_try_end(run);
}

/* Nobody in the box can kill its init: somebody on the host did, or the kernel for want of memory. */
static void on_init(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    struct cgroup_usage usage = {0};
    run_unwatch(&run->init_event);
    run_unwatch(&run->box_event);
    run->box_died = true;
    if (run->phase < PHASE_KILL) {
        if (box_usage(run->box, USAGE_OOM, &usage) == 0 && usage.oom_killed)
            run_finish(run, REASON_MEMORY);
        else
            run_fault(run, EIO, "the sandbox's init died");
    }
    run_try_end(run);
}

void run_watch_init(struct run *run)
{
    struct error err;
    if (run_watch(run, &run->init_event, box_init_fd(run->box), EV_READ | EV_PERSIST, on_init, &err) < 0)
        log_error("run", "%s", err.text);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct run *run = context;
    if (run->phase == PHASE_BOOT)
        run_fault(run, ETIMEDOUT, "%s: the runtime was not ready within %llu ms (boot.wall_ms)",
                  run->language->name, (unsigned long long)run->language->boot.wall_ms);
    else
        run_fault(run, ETIMEDOUT, "the box was not ready within %d ms (step %d)", SETUP_US / 1000,
                  run->phase);
    run_try_end(run);
}

/* ---- from outside ---- */

static struct box_spec box_spec(const struct run *run)
{
    uint64_t files = 0;
    for (size_t i = 0; i < run->plan.file_count; i++)
        files += run->plan.files[i].size + DISK_BYTES_PER_FILE;
    return language_box_spec(run->language, &run->limits, files, run->env->cpu_percent);
}

int run_begin_cold(struct run *run, struct error *err)
{
    struct box_spec spec = box_spec(run);
    run->phase = PHASE_BOX;
    int r = box_make(run->env->ground, &spec, &run->box, err);
    if (r == 0)
        r = run_watch(run, &run->box_event, box_fd(run->box), EV_READ | EV_PERSIST, on_box, err);
    return r < 0 ? r : run_after(run, &run->deadline, SETUP_US, on_deadline, err);
}

int run_begin_warm(struct run *run, struct error *err)
{
    run->phase = PHASE_FILES;
    stream_skip_ready(run);
    int r = run_watch(run, &run->program_event, program_pidfd(run->program), EV_READ | EV_PERSIST, on_program,
                      err);
    if (r == 0)
        r = watch_box(run, err);
    if (r == 0)
        r = run_watch(run, &run->box_event, box_fd(run->box), EV_READ | EV_PERSIST, on_box, err);
    if (r == 0)
        r = run_after(run, &run->deadline, SETUP_US, on_deadline, err);
    if (r == 0)
        put_files(run);
    return r;
}

static void init_fields(struct run *run)
{
    run->payload = run->input.fd = run->order.fd = -1;
    for (size_t i = 0; i < array_length(run->child_fds); i++)
        run->child_fds[i] = -1;
    for (size_t i = 0; i < STREAM_COUNT; i++) {
        run->streams[i].fd = -1;
        run->streams[i].run = run;
        run->streams[i].kind = (enum run_stream)i;
    }
}

static int fill(struct run *run, const struct run_request *r, int payload, struct error *err)
{
    run->limits = limits_clamp(r->limits, &run->language->limits, &run->env->ceiling);
    run->interactive = r->interactive;
    run->linked = r->linked;
    run->input.close_when_empty = !r->interactive;
    run->payload = fcntl(payload, F_DUPFD_CLOEXEC, 3);
    if (run->payload < 0)
        return error_set(err, errno, "keep the request: %m");
    run->input.pending = evbuffer_new();
    if (!run->input.pending || plan_make(&run->plan, run->language, r) < 0 ||
        evbuffer_add(run->input.pending, r->stdin_data, r->stdin_size) < 0)
        return error_set(err, ENOMEM, "keep the request: %m");
    run->order.pending = run->plan.order;
    return 0;
}

int run_start(const struct run_environment *env, const struct run_request *r, int payload,
              const struct run_callbacks *callbacks, void *context, struct run **started, struct error *err)
{
    const struct language *language = languages_find(env->languages, r->language);
    if (!language)
        return error_set(err, ENOENT, "there is no language %s", r->language);
    if (r->linked && !language->harness)
        return error_set(err, EINVAL, "%s has no harness that could be linked", r->language);
    struct run *run = calloc(1, sizeof *run);
    if (!run)
        return error_set(err, ENOMEM, "start a run: %m");
    run->env = env;
    run->language = language;
    run->filter = &env->filters[language - env->languages->items];
    run->callbacks = *callbacks;
    run->context = context;
    run->began_ns = clock_now_ns();
    init_fields(run);
    if (env->alive)
        ++*env->alive;
    int e = fill(run, r, payload, err);
    if (e == 0)
        e = run_begin(run, err);
    if (e < 0) {
        run_free(run);
        return e;
    }
    *started = run;
    return 0;
}

void run_cancel(struct run *run)
{
    run_finish(run, REASON_CANCEL);
}
