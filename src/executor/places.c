/* Who waits is told his place in the queue when it changes, though not with each change. */
#include "executor/client.h"

enum { PLACES_US = 20000 };

static void tell_place(void *context, struct queue_entry *entry)
{
    struct executor_client *c = context;
    struct ticket *t = (struct ticket *)entry;
    uint32_t place = queue_place(&c->queue, entry);
    if (place == t->place)
        return;
    t->place = place;
    if (t->callbacks.queued && !t->abandoned)
        t->callbacks.queued(t->context, place);
}

/* A callback may take tickets out of the queue, so they are collected first and looked for again. */
static void collect(void *context, struct queue_entry *entry)
{
    struct queue_entry ***at = context;
    *(*at)++ = entry;
}

struct search {
    const struct queue_entry *wanted;
    bool found;
};

static void compare(void *context, struct queue_entry *entry)
{
    struct search *search = context;
    search->found |= entry == search->wanted;
}

static bool still_queued(const struct queue *q, const struct queue_entry *entry)
{
    struct search search = {entry, false};
    queue_each(q, compare, &search);
    return search.found;
}

void client_on_places(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct executor_client *c = context;
    uint32_t count = c->queue.count;
    cleanup_free struct queue_entry **entries = calloc(count + 1, sizeof *entries);
    struct queue_entry **end = entries;
    if (!entries)
        return;
    queue_each(&c->queue, collect, &end);
    uint32_t untouched = c->queue.count;
    for (uint32_t i = 0; i < count; i++)
        if (c->queue.count == untouched || still_queued(&c->queue, entries[i]))
            tell_place(c, entries[i]);
}

void client_places_changed(struct executor_client *c)
{
    struct timeval time = {.tv_usec = PLACES_US};
    if (c->queue.count > 0 && !event_pending(&c->places_event, EV_TIMEOUT, NULL))
        evtimer_add(&c->places_event, &time);
}
