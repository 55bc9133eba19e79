/* What other rooms call: see template.h, and the theory of operation there. */
#include "template/internal.h"

#include <errno.h>
#include <sched.h>

extern const uint8_t template_engine[], template_engine_end[];

enum { CLOSE_MS = 10000 };

/* ---- open and close ---- */

static int engine_open(struct error *err)
{
    size_t size = (size_t)(template_engine_end - template_engine);
    if (size == 0)
        return error_set(err, ENOTSUP, "runtimes cannot be copied on this kind of processor");
    return sealed_program("phial-engine", template_engine, size, err);
}

static void warm_open(struct warm *warm, struct templates *all, size_t i)
{
    const struct templates_options *o = &all->options;
    const struct language *language = &o->languages->items[i];
    *warm = (struct warm){.all = all};
    if (!o->available[i] || !language->template.warm_up)
        return;
    warm->language = language;
    warm->filter = &o->filters[i];
    warm->limits = limits_clamp(limits_unset(), &language->limits, &o->ceiling);
    warm->wants_boot = true;
}

int templates_open(struct templates **templates, const struct templates_options *options, struct error *err)
{
    size_t n = options->languages->count;
    struct templates *all = calloc(1, sizeof *all);
    struct error engine_err;
    cpu_set_t cpus;
    if (all)
        all->items = calloc(n + 1, sizeof *all->items);
    if (!all || !all->items) {
        free(all);
        return error_set(err, ENOMEM, "warm templates: %m");
    }
    all->options = *options;
    all->booting_most = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? (size_t)CPU_COUNT(&cpus) : 1;
    all->engine = engine_open(&engine_err);
    for (size_t i = 0; i < n; i++) {
        warm_open(&all->items[i], all, i);
        if (all->items[i].language && all->engine < 0)
            warm_refuse(&all->items[i], engine_err.text);
    }
    *templates = all;
    generations_boot(all);
    return 0;
}

/* Those who wait for a clone are told that there is none; nothing new is begun. */
static void answer_all(struct templates *all)
{
    for (size_t i = 0; i < all->options.languages->count; i++)
        while (all->items[i].asks)
            pool_made_none(&all->items[i], all->items[i].asks->disk_bytes, all->items[i].asks->disk_files);
}

void templates_close(struct templates *all)
{
    if (!all)
        return;
    all->closing = true;
    loop_unwatch(&all->tick);
    for (size_t i = 0; i < all->options.languages->count; i++) {
        struct warm *warm = &all->items[i];
        loop_unwatch(&warm->again);
        makings_drop(warm);
        pool_drop(warm);
    }
    while (all->generations)
        generation_retire(all->generations);
    answer_all(all);
    if (!endings_wait(all, CLOSE_MS))
        log_error("template", "a clone or a template did not end within %d ms", CLOSE_MS);
    close_fd(&all->engine);
    free(all->items);
    free(all);
}

/* ---- clones ---- */

static struct warm *find(const struct templates *all, const struct language *language)
{
    return &all->items[language - all->options.languages->items];
}

static int stand_in_line(struct warm *warm, struct clone_ask *ask)
{
    struct error err;
    struct clone_ask **at = &warm->asks;
    size_t before = 0;
    for (; *at; at = &(*at)->next)
        before += (*at)->disk_bytes == ask->disk_bytes && (*at)->disk_files == ask->disk_files;
    if (makings_count(warm, ask->disk_bytes, ask->disk_files) <= before) {
        int r = making_start(warm, ask->disk_bytes, ask->disk_files, &err);
        if (r < 0) {
            warm_fault(warm, "%s", err.text);
            return -EAGAIN;
        }
    }
    *at = ask;
    return 0;
}

int templates_take(struct templates *all, const struct language *language, uint64_t disk_bytes,
                   uint64_t disk_files, struct clone *clone,
                   void (*answer)(void *context, const struct clone *clone), void *context,
                   struct clone_ask **asked)
{
    struct warm *warm = find(all, language);
    if (!warm->language || warm->refused)
        return -ENOTSUP;
    demand_take(&warm->demand, clock_now_ns());
    if (size_is_standard(warm, disk_bytes, disk_files) && pool_take(warm, clone)) {
        warm->hits++;
        return 1;
    }
    warm->misses++;
    if (!warm->serving || all->closing)
        return -EAGAIN;
    struct clone_ask *ask = calloc(1, sizeof *ask);
    if (!ask)
        return -EAGAIN;
    *ask = (struct clone_ask){NULL, warm, disk_bytes, disk_files, 0, answer, context};
    int r = stand_in_line(warm, ask);
    if (r < 0)
        free(ask);
    else
        *asked = ask;
    return r;
}

void templates_forget(struct clone_ask *ask)
{
    struct clone_ask **at = &ask->warm->asks;
    while (*at != ask)
        at = &(*at)->next;
    *at = ask->next;
    free(ask);
}

void clone_discard(struct templates *all, struct clone *clone)
{
    ending_start(all, clone->program, clone->box, NULL);
    int *ends[] = {&clone->input, &clone->output, &clone->error, &clone->order, &clone->report};
    for (size_t i = 0; i < array_length(ends); i++) /* after the kill: it must not see them end */
        close_fd(ends[i]);
    clone->program = NULL;
    clone->box = NULL;
}

void templates_press(struct templates *all, bool pressed)
{
    if (all->pressed == pressed)
        return;
    all->pressed = pressed;
    if (!pressed)
        pool_balance(all);
}

void templates_refill(struct templates *all)
{
    pool_balance(all);
}

bool templates_idle(const struct templates *all)
{
    bool idle = !all->generations && !all->endings;
    for (size_t i = 0; i < all->options.languages->count; i++)
        idle &= !all->items[i].makings && !all->items[i].ready;
    return idle;
}
