/* A clone of a warm Elixir, step by step: the templates room, called as the executor calls it, without
 * server, queue and messages. Nothing is made ahead of need, so that each step is waited for. */
#include "bench.h"
#include "language/language.h"
#include "template/template.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>

enum { STEPS_MOST = 40, WARM_S = 60, RUN_MS = 10000 };

struct clone_bench {
    struct event_base *loop;
    struct languages languages;
    const struct language *elixir;
    struct filter *filters;
    bool *available;
    struct templates *templates;
    int source;  /* sealed memfd: the program */
    size_t size; /* of it */
    struct clone clone;
    bool answered, cold;
};

static const char program[] = "IO.puts(1 + 1)";

static int compile_filters(struct clone_bench *cb, struct error *err)
{
    size_t n = cb->languages.count;
    cb->filters = calloc(n + 1, sizeof *cb->filters);
    cb->available = calloc(n + 1, sizeof *cb->available);
    if (!cb->filters || !cb->available)
        return error_set(err, ENOMEM, "filters");
    size_t i = (size_t)(cb->elixir - cb->languages.items);
    cb->available[i] = true;
    return filter_compile(&cb->filters[i], (const char *const *)cb->elixir->seccomp, err);
}

static int wait_warm(struct clone_bench *cb, struct error *err)
{
    struct warm_facts facts;
    uint64_t start = clock_now_ns();
    do {
        struct timeval tick = {.tv_usec = 20000};
        event_base_loopexit(cb->loop, &tick);
        event_base_dispatch(cb->loop);
        templates_facts(cb->templates, (size_t)(cb->elixir - cb->languages.items), &facts);
    } while (facts.state == WARM_BOOTING && clock_now_ns() - start < WARM_S * UINT64_C(1000000000));
    return facts.state == WARM_READY ? 0 : error_set(err, ENOTSUP, "elixir is not warm: %s", facts.why);
}

int clone_bench_start(struct bench *b, struct error *err)
{
    struct clone_bench *cb = calloc(1, sizeof *cb);
    if (!cb)
        return error_set(err, ENOMEM, "clone bench");
    b->clones = cb;
    cb->source = memfd_sealed("program", program, cb->size = strlen(program));
    cb->loop = event_base_new();
    if (cb->source < 0 || !cb->loop)
        return error_set(err, ENOMEM, "clone bench");
    int r = languages_load(&cb->languages, b->languages ? b->languages : PHIAL_DATADIR "/languages",
                           b->images, err);
    if (r < 0)
        return r;
    cb->elixir = languages_find(&cb->languages, "elixir");
    if (!cb->elixir)
        return error_set(err, ENOENT, "there is no language elixir");
    r = compile_filters(cb, err);
    struct templates_options options = {.loop = cb->loop,
                                        .ground = box_bench_ground(b),
                                        .languages = &cb->languages,
                                        .filters = cb->filters,
                                        .available = cb->available,
                                        .ceiling = limits_ceiling,
                                        .cpu_percent = 100,
                                        .clones_most = UINT64_MAX,
                                        .age_most_ms = 86400000};
    if (r == 0)
        r = templates_open(&cb->templates, &options, err);
    return r < 0 ? r : wait_warm(cb, err);
}

void clone_bench_stop(struct bench *b)
{
    struct clone_bench *cb = b->clones;
    if (!cb)
        return;
    if (cb->templates)
        templates_close(cb->templates);
    for (size_t i = 0; cb->filters && i < cb->languages.count; i++)
        if (cb->available[i])
            filter_close(&cb->filters[i]);
    free(cb->filters);
    free(cb->available);
    languages_free(&cb->languages);
    close_fd(&cb->source);
    if (cb->loop)
        event_base_free(cb->loop);
    free(cb);
    b->clones = NULL;
}

static void on_clone(void *context, const struct clone *clone)
{
    struct clone_bench *cb = context;
    cb->answered = true;
    cb->cold = !clone;
    if (clone)
        cb->clone = *clone;
    event_base_loopbreak(cb->loop);
}

static int take(struct clone_bench *cb, struct error *err)
{
    uint64_t disk = cb->elixir->limits.disk_bytes;
    struct clone_ask *ask;
    cb->answered = false;
    int r = templates_take(cb->templates, cb->elixir, disk, language_disk_files(disk), &cb->clone, on_clone,
                           cb, &ask);
    if (r < 0)
        return error_set(err, -r, "ask for a clone: %m");
    while (r == 0 && !cb->answered)
        event_base_loop(cb->loop, EVLOOP_ONCE);
    return r == 0 && cb->cold ? error_set(err, EIO, "there is no clone") : 0;
}

static int wait_readable(int fd, const char *what, struct error *err)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int r = poll(&p, 1, RUN_MS);
    return r == 1 ? 0 : error_set(err, r == 0 ? ETIMEDOUT : errno, "wait for %s: %m", what);
}

static int put_program(struct clone_bench *cb, struct error *err)
{
    int r = box_put_file(cb->clone.box, "main.exs", 0644, cb->source, 0, cb->size, err);
    while (r == 0 && box_pending(cb->clone.box) > 0) {
        r = wait_readable(box_fd(cb->clone.box), "the file", err);
        if (r == 0)
            r = box_step(cb->clone.box, err);
    }
    return r;
}

static int run_program(struct clone_bench *cb, struct phases *phases, struct error *err)
{
    static const char order[] = "file=main.exs"; /* with its zero byte */
    uint64_t start = clock_now_ns();
    int r = put_program(cb, err);
    uint64_t put = clock_now_ns();
    if (r == 0)
        r = write_all(cb->clone.order, order, sizeof order);
    close_fd(&cb->clone.order);
    if (r == 0)
        r = wait_readable(cb->clone.output, "the first byte", err);
    uint64_t first = clock_now_ns();
    if (r == 0)
        r = wait_readable(program_pidfd(cb->clone.program), "the end", err);
    if (r < 0)
        return r;
    note(phases, "run", "put the file into the box", (double)(put - start));
    note(phases, "run", "order, compile, run, to the first byte", (double)(first - put));
    note(phases, "run", "to the end of the runtime", (double)(clock_now_ns() - first));
    return 0;
}

int measure_clone(struct bench *b, struct phases *phases, struct error *err)
{
    struct clone_bench *cb = b->clones;
    struct step_time steps[STEPS_MOST];
    uint64_t start = clock_now_ns();
    int r = take(cb, err);
    double total = (double)(clock_now_ns() - start), box = 0, clone = 0;
    if (r < 0)
        return r;
    size_t count = box_step_times(cb->clone.box, steps, STEPS_MOST);
    for (size_t i = 0; i < count; i++)
        box += (double)steps[i].ns;
    count = program_step_times(cb->clone.program, steps, STEPS_MOST);
    note(phases, "clone", "the box, step by step as above", box);
    for (size_t i = 0; i < count; i++) {
        note(phases, "clone", steps[i].name, (double)steps[i].ns);
        clone += (double)steps[i].ns;
    }
    note(phases, "clone", "answers, and both checks from outside", total - box - clone);
    note(phases, "clone", "= together", total);
    r = run_program(cb, phases, err);
    clone_discard(cb->templates, &cb->clone);
    struct timeval rest = {.tv_usec = 20000};
    event_base_loopexit(cb->loop, &rest);
    event_base_dispatch(cb->loop);
    return r;
}
