/* Clones that wait, and those who wait for one.
 *
 * Theory of operation. Who asks gets a clone that waits, the newest, or stands in line for the next that is
 * made with the work folder's size of his choice; the line comes before the pool. What the pool should hold
 * says demand.c, for all languages together within `pool_bytes`; pool_balance() compares and makes or ends
 * what differs, a few at a time, so that no run waits behind them. A clone of a template that has been
 * replaced is as fresh as any and may still be used, but is ended as soon as there are enough of the new one:
 * address layouts do not live for ever. A clock ticks only while the pool is larger than a quiet house needs.
 */
#include "template/internal.h"

#include <errno.h>

enum {
    TICK_US = 1000000,
    AHEAD_MOST = 2, /* made at once ahead of need, in all languages */
    TRIES_MOST = 2, /* for one ask */
};

static void on_tick(evutil_socket_t fd, short what, void *context);
static void on_idle_death(evutil_socket_t fd, short what, void *context);

bool size_is_standard(const struct warm *warm, uint64_t disk_bytes, uint64_t disk_files)
{
    return disk_bytes == warm->limits.disk_bytes && disk_files == language_disk_files(disk_bytes);
}

static size_t standard_makings(const struct warm *warm)
{
    return makings_count(warm, warm->limits.disk_bytes, language_disk_files(warm->limits.disk_bytes));
}

/* ---- clones that wait ---- */

static bool stale(const struct idle *idle)
{
    return idle->warm->serving && idle->generation != idle->warm->serving->number;
}

static size_t count_ready(const struct warm *warm, bool fresh_only)
{
    size_t n = 0;
    for (const struct idle *i = warm->ready; i; i = i->next)
        n += !fresh_only || !stale(i);
    return n;
}

/* Takes *at out of the list; the clone is the caller's. */
static struct clone idle_take(struct idle **at)
{
    struct idle *idle = *at;
    struct clone clone = idle->clone;
    *at = idle->next;
    loop_unwatch(&idle->death);
    free(idle);
    return clone;
}

static void idle_end(struct idle **at)
{
    struct templates *all = (*at)->warm->all;
    struct clone clone = idle_take(at);
    clone_discard(all, &clone);
}

static void on_idle_death(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct idle *idle = context, **at = &idle->warm->ready;
    struct warm *warm = idle->warm;
    while (*at != idle)
        at = &(*at)->next;
    idle_end(at);
    warm_fault(warm, "a clone died while it waited");
    pool_balance(warm->all);
}

/* Its program's end is watched alone: when the box's init dies, the kernel kills the program too. */
static void idle_add(struct warm *warm, const struct clone *clone, uint64_t generation)
{
    struct error err;
    struct clone copy = *clone;
    struct idle *idle = calloc(1, sizeof *idle);
    if (!idle) {
        clone_discard(warm->all, &copy);
        return;
    }
    *idle = (struct idle){warm->ready, warm, *clone, generation};
    warm->ready = idle;
    if (loop_watch(&idle->death, warm->all->options.loop, program_pidfd(clone->program), EV_READ,
                   on_idle_death, idle, &err) < 0) {
        warm_fault(warm, "%s", err.text);
        idle_end(&warm->ready);
    }
}

bool pool_take(struct warm *warm, struct clone *clone)
{
    if (!warm->ready)
        return false;
    *clone = idle_take(&warm->ready);
    return true;
}

void pool_drop(struct warm *warm)
{
    while (warm->ready)
        idle_end(&warm->ready);
}

/* The oldest go first, and before them those of older templates. */
static void trim(struct warm *warm, size_t keep)
{
    bool enough = count_ready(warm, true) >= keep;
    for (struct idle **at = &warm->ready; *at;) {
        if (stale(*at) ? enough : keep == 0) {
            idle_end(at);
            continue;
        }
        if (!stale(*at))
            keep--;
        at = &(*at)->next;
    }
}

/* ---- those who wait ---- */

static struct clone_ask **find_ask(struct warm *warm, uint64_t disk_bytes, uint64_t disk_files)
{
    struct clone_ask **at = &warm->asks;
    while (*at && ((*at)->disk_bytes != disk_bytes || (*at)->disk_files != disk_files))
        at = &(*at)->next;
    return *at ? at : NULL;
}

static size_t count_asks(const struct warm *warm, uint64_t disk_bytes, uint64_t disk_files)
{
    size_t n = 0;
    for (const struct clone_ask *a = warm->asks; a; a = a->next)
        n += a->disk_bytes == disk_bytes && a->disk_files == disk_files;
    return n;
}

/* The asker may ask again, or forget others, from within his answer. */
static void answer(struct clone_ask **at, const struct clone *clone)
{
    struct clone_ask *ask = *at;
    *at = ask->next;
    ask->answer(ask->context, clone);
    free(ask);
}

void pool_give(struct warm *warm, const struct clone *clone, uint64_t generation)
{
    struct templates *all = warm->all;
    struct clone_ask **at = find_ask(warm, clone->disk_bytes, clone->disk_files);
    struct clone copy = *clone;
    warm->clone_bytes = clone->base.memory_bytes + warm->page_table_bytes;
    if (at) {
        answer(at, clone); /* and templates_refill() will come: nothing is made while a run begins */
    } else if (size_is_standard(warm, clone->disk_bytes, clone->disk_files)) {
        idle_add(warm, clone, generation);
        pool_balance(all);
    } else {
        clone_discard(all, &copy);
    }
}

void pool_made_none(struct warm *warm, uint64_t disk_bytes, uint64_t disk_files)
{
    struct clone_ask **at = find_ask(warm, disk_bytes, disk_files);
    struct error err;
    if (at && ++(*at)->tries >= TRIES_MOST) {
        answer(at, NULL);
        at = find_ask(warm, disk_bytes, disk_files);
    }
    while (at && makings_count(warm, disk_bytes, disk_files) < count_asks(warm, disk_bytes, disk_files)) {
        if (warm->serving && making_start(warm, disk_bytes, disk_files, &err) == 0)
            continue;
        answer(at, NULL);
        at = find_ask(warm, disk_bytes, disk_files);
    }
    pool_tick_later(warm->all);
}

/* ---- how many ---- */

static size_t wanted(const struct warm *warm, uint64_t now_ns)
{
    return warm->language && !warm->refused ? demand_target(&warm->demand, now_ns, warm->make_us) : 0;
}

/* How many are under way beyond what the line will take. */
static size_t ahead(const struct warm *warm)
{
    size_t makings = standard_makings(warm),
           asks = count_asks(warm, warm->limits.disk_bytes, language_disk_files(warm->limits.disk_bytes));
    return makings > asks ? makings - asks : 0;
}

/* One at a time in each language in turn, so that none waits for another's many. */
static void fill(struct templates *all, const struct allotment *allotments)
{
    size_t n = all->options.languages->count, under_way = 0;
    bool more = true;
    for (size_t i = 0; i < n; i++)
        under_way += ahead(&all->items[i]);
    while (more) {
        more = false;
        for (size_t i = 0; i < n && under_way < AHEAD_MOST; i++) {
            struct warm *warm = &all->items[i];
            struct error err;
            if (!warm->serving || count_ready(warm, true) + ahead(warm) >= allotments[i].given)
                continue;
            int r = making_start(warm, warm->limits.disk_bytes, language_disk_files(warm->limits.disk_bytes),
                                 &err);
            if (r < 0) {
                warm_fault(warm, "%s", err.text);
                return;
            }
            under_way++;
            more = true;
        }
    }
}

void pool_balance(struct templates *all)
{
    size_t n = all->options.languages->count;
    uint64_t now = clock_now_ns();
    if (all->closing)
        return;
    cleanup_free struct allotment *allotments = calloc(n + 1, sizeof *allotments);
    if (!allotments)
        return;
    for (size_t i = 0; i < n; i++)
        allotments[i] =
            (struct allotment){.wanted = wanted(&all->items[i], now), .bytes = all->items[i].clone_bytes};
    demand_allot(allotments, n, all->options.pool_bytes);
    for (size_t i = 0; i < n; i++)
        trim(&all->items[i], allotments[i].given);
    if (!all->pressed)
        fill(all, allotments);
    pool_tick_later(all);
}

/* A quiet house has one clone ready in each warm language, if the budget allows any. */
static bool quiet(const struct templates *all)
{
    uint64_t now = clock_now_ns();
    for (size_t i = 0; i < all->options.languages->count; i++) {
        const struct warm *warm = &all->items[i];
        size_t ready = count_ready(warm, false), one = warm->serving && all->options.pool_bytes > 0;
        if (ready != one || (one && wanted(warm, now) > 1))
            return false;
    }
    return true;
}

void pool_tick_later(struct templates *all)
{
    if (all->ticks || all->closing || quiet(all))
        return;
    all->ticks = loop_after(&all->tick, all->options.loop, TICK_US, on_tick, all, NULL) == 0;
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct templates *all = context;
    all->ticks = false;
    pool_balance(all);
}
