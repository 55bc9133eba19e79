/* One clone, from the order of a box to the moment at which it waits for its own order.
 *
 * Theory of operation. Two steps, each begun here and ended by an event: the box is ready, the copy has
 * passed the look from outside and runs. Then its group gets the limits that a run will have, what it uses is
 * kept as the base of the run's account, and the pool takes it. A fault in the second step is the template's:
 * several in a row, and it is replaced.
 */
#include "template/internal.h"

#include <errno.h>
#include <poll.h>

enum {
    MAKE_US = 10000000,
    FIT_BYTES = 256 << 10, /* the kernel counts memory no finer: it charges by the batch, on each CPU */
    SPARE_PROCESSES = 8,   /* in the run's limits, for what a copy only has while it is made: */
    SPARE_BYTES = 16 << 20,
    MEAN_OF = 8, /* a clone counts for so much in the running mean of the time that one takes */
};

static void making_free(struct making *m)
{
    struct making **at = &m->warm->makings;
    while (*at != m)
        at = &(*at)->next;
    *at = m->next;
    loop_unwatch(&m->step);
    loop_unwatch(&m->deadline);
    ending_start(m->warm->all, m->program, m->box, NULL);
    pipes_close(m->pipes.ours); /* after the kill: it must not see them end */
    pipes_close(m->pipes.theirs);
    if (m->from)
        generation_order_done(m->from);
    free(m);
}

static void failed(struct making *m, const struct error *err)
{
    struct warm *warm = m->warm;
    struct generation *from = m->from;
    uint64_t bytes = m->disk_bytes, files = m->disk_files;
    bool rehearses = m->rehearses;
    warm->tight = false;
    m->fails = true; /* whatever its template's death brings about below, it is ended here */
    if (!from && err->code != ECANCELED)
        warm_fault(warm, "make a box: %s", err->text);
    else if (from && !from->retired)
        generation_spoilt(from, err);
    making_free(m);
    if (!rehearses)
        pool_made_none(warm, bytes, files);
}

/* ---- the copy ---- */

static bool fits(const struct cgroup_limits *group, const struct cgroup_limits *wanted)
{
    return group->processes == wanted->processes && group->memory_bytes + FIT_BYTES >= wanted->memory_bytes &&
           group->memory_bytes <= wanted->memory_bytes + FIT_BYTES;
}

/* One clone of a language uses what another does: so most groups have their limits from the start. */
static int take_account(struct making *m, struct clone *clone, struct error *err)
{
    struct warm *warm = m->warm;
    int r = box_usage_anew(m->box, &clone->base);
    if (r < 0)
        return error_set(err, -r, "read what a clone uses: %m");
    clone->limits = (struct cgroup_limits){
        .memory_bytes = clone->base.memory_bytes + warm->limits.memory_bytes,
        .processes = clone->base.processes + warm->limits.processes - 1, /* the first is the run's own */
        .cpu_percent = warm->all->options.cpu_percent,
    };
    if (fits(&m->group, &clone->limits))
        return 0;
    warm->group = clone->limits; /* the next box is made so */
    warm->tight = warm->limits.processes >= SPARE_PROCESSES && warm->limits.memory_bytes >= SPARE_BYTES;
    return box_set_limits(m->box, &clone->limits, err);
}

static void take_samples(struct making *m)
{
    struct warm *warm = m->warm;
    struct step_time times[32];
    uint64_t total = (clock_now_ns() - m->boxed_ns) / 1000, copy = 0;
    size_t n = program_step_times(m->program, times, array_length(times));
    for (size_t i = 0; i < n; i++)
        copy += times[i].ns;
    copy = copy / 1000 < total ? copy / 1000 : total;
    uint64_t box = (m->boxed_ns - m->began_ns) / 1000;
    facts_sample(warm, PART_BOX, box);
    facts_sample(warm, PART_CLONE, copy);
    facts_sample(warm, PART_CHECK, total - copy);
    warm->make_us = warm->make_us ? (warm->make_us * (MEAN_OF - 1) + box + total) / MEAN_OF : box + total;
}

/* It runs: what it was made of goes on with whoever gets it. */
static void made(struct making *m)
{
    struct warm *warm = m->warm;
    struct generation *from = m->from;
    struct error err;
    struct clone clone = {
        .input = m->pipes.ours[0],
        .output = m->pipes.ours[1],
        .error = m->pipes.ours[2],
        .order = m->pipes.ours[3],
        .report = m->pipes.ours[4],
        .disk_bytes = m->disk_bytes,
        .disk_files = m->disk_files,
    };
    if (take_account(m, &clone, &err) < 0) {
        failed(m, &err);
        return;
    }
    take_samples(m);
    clone.box = steal_pointer(&m->box);
    clone.program = steal_pointer(&m->program);
    for (size_t i = 0; i < RUNTIME_FDS; i++)
        m->pipes.ours[i] = -1;
    uint64_t number = from->number;
    bool rehearses = m->rehearses;
    generation_made_clone(from);
    if (rehearses && !from->retired)
        rehearsal_start(from, &clone);
    else if (rehearses)
        clone_discard(warm->all, &clone);
    making_free(m);
    if (!rehearses)
        pool_give(warm, &clone, number);
}

static void on_program(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct making *m = context;
    struct error err = {.code = EIO, .text = "it died"};
    int r = program_step(m->program, &err);
    enum program_state state = program_state(m->program);
    if (r == -EAGAIN || (r == 0 && state == PROGRAM_STARTING))
        return;
    loop_unwatch(&m->step);
    if (r == 0 && state == PROGRAM_RUNNING)
        made(m);
    else
        failed(m, &err);
}

static struct making *find_orphan(const struct warm *warm, const struct generation *g)
{
    for (struct making *m = warm->makings; m; m = m->next)
        if (m->from == g && !m->fails && m->program && program_pidfd(m->program) < 0)
            return m;
    return NULL;
}

/* A template that is killed just after it made a copy cannot say which process that is, and the copy would
 * wait at its gate. What it had sent before is there to be read by now. */
void makings_orphaned(struct warm *warm, const struct generation *g)
{
    for (struct making *m; (m = find_orphan(warm, g));) {
        struct pollfd gate = {program_fd(m->program), POLLIN, 0};
        struct error err;
        error_set(&err, EPIPE, "its template died");
        if (poll(&gate, 1, 0) > 0)
            on_program(gate.fd, EV_READ, m);
        else
            failed(m, &err);
    }
}

static int copy(struct making *m, struct error *err)
{
    struct generation *from = m->warm->serving;
    if (!from) /* it died meanwhile */
        return error_set(err, ECANCELED, "there is no template");
    int r = pipes_open(&m->pipes, err);
    if (r < 0)
        return r;
    m->from = from;
    from->orders++;
    r = program_clone(m->box, from->template, m->pipes.theirs, RUNTIME_FDS, &m->program, err);
    pipes_close(m->pipes.theirs);
    return r < 0 ? r
                 : loop_watch(&m->step, m->warm->all->options.loop, program_fd(m->program), EV_READ,
                              on_program, m, err);
}

/* ---- the box ---- */

static void on_box(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct making *m = context;
    struct error err = {.code = EIO, .text = "it died"};
    int r = box_step(m->box, &err);
    if (r == -EAGAIN || (r == 0 && box_state(m->box) == BOX_MAKING))
        return;
    loop_unwatch(&m->step);
    if (r == 0 && box_state(m->box) == BOX_READY) {
        m->boxed_ns = clock_now_ns();
        r = copy(m, &err);
    } else {
        r = -EIO;
    }
    if (r < 0)
        failed(m, &err);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct error err;
    error_set(&err, ETIMEDOUT, "a clone was not made within %d ms", MAKE_US / 1000);
    failed(context, &err);
}

int making_start(struct warm *warm, uint64_t disk_bytes, uint64_t disk_files, struct error *err)
{
    struct event_base *loop = warm->all->options.loop;
    struct making *m = calloc(1, sizeof *m);
    if (!m)
        return error_set(err, ENOMEM, "make a clone: %m");
    *m = (struct making){.next = warm->makings,
                         .warm = warm,
                         .pipes = PIPES_CLOSED,
                         .disk_bytes = disk_bytes,
                         .disk_files = disk_files,
                         .began_ns = clock_now_ns()};
    warm->makings = m;
    struct box_spec spec =
        language_box_spec(warm->language, &warm->limits, 0, warm->all->options.cpu_percent);
    if (warm->tight)
        spec.cgroup = warm->group;
    m->group = spec.cgroup;
    spec.disk_bytes = disk_bytes;
    spec.disk_files = disk_files;
    int r = box_make(warm->all->options.ground, &spec, &m->box, err);
    if (r == 0)
        r = loop_watch(&m->step, loop, box_fd(m->box), EV_READ, on_box, m, err);
    if (r == 0)
        r = loop_after(&m->deadline, loop, MAKE_US, on_deadline, m, err);
    if (r < 0)
        making_free(m);
    return r;
}

int making_start_rehearsal(struct warm *warm, struct error *err)
{
    uint64_t bytes = warm->limits.disk_bytes;
    int r = making_start(warm, bytes, language_disk_files(bytes), err);
    if (r == 0)
        warm->makings->rehearses = true; /* the newest comes first */
    return r;
}

size_t makings_count(const struct warm *warm, uint64_t disk_bytes, uint64_t disk_files)
{
    size_t n = 0;
    for (const struct making *m = warm->makings; m; m = m->next)
        n += !m->rehearses && m->disk_bytes == disk_bytes && m->disk_files == disk_files;
    return n;
}

void makings_drop(struct warm *warm)
{
    while (warm->makings)
        making_free(warm->makings);
}
