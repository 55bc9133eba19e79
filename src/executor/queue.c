#include "executor/queue.h"

#include <errno.h>

struct queue_line {
    struct queue_line *next, *before;
    struct queue_entry *first, **last;
    uint32_t waiting, running;
    char who[];
};

static struct queue_line *find_line(const struct queue *q, const char *who)
{
    struct queue_line *line = q->turn;
    if (!line)
        return NULL;
    do {
        if (!strcmp(line->who, who))
            return line;
        line = line->next;
    } while (line != q->turn);
    return NULL;
}

/* A new client is served after all that are here already. */
static struct queue_line *make_line(struct queue *q, const char *who)
{
    size_t n = strlen(who) + 1;
    struct queue_line *line = calloc(1, sizeof *line + n);
    if (!line)
        return NULL;
    memcpy(line->who, who, n);
    line->last = &line->first;
    if (!q->turn) {
        q->turn = line->next = line->before = line;
        return line;
    }
    line->next = q->turn;
    line->before = q->turn->before;
    line->before->next = line->next->before = line;
    return line;
}

static void drop_idle_line(struct queue *q, struct queue_line *line)
{
    if (line->waiting > 0 || line->running > 0)
        return;
    line->before->next = line->next;
    line->next->before = line->before;
    if (q->turn == line)
        q->turn = line->next == line ? NULL : line->next;
    free(line);
}

static void count_in(struct queue *q, struct queue_entry *entry)
{
    entry->line->waiting++;
    q->count++;
    q->bytes += entry->bytes;
}

static void count_out(struct queue *q, struct queue_entry *entry)
{
    entry->line->waiting--;
    q->count--;
    q->bytes -= entry->bytes;
}

int queue_add(struct queue *q, const char *who, struct queue_entry *entry)
{
    struct queue_line *line = find_line(q, who);
    bool at_once = q->count == 0 && (!line || line->running < q->line_running_most); /* it will hardly wait */
    if (!at_once && (q->count >= q->most || (line && line->waiting >= q->line_most) || q->line_most == 0))
        return -EAGAIN;
    if (q->count > 0 && entry->bytes > q->bytes_most - q->bytes)
        return -EAGAIN;
    if (!line && !(line = make_line(q, who)))
        return -ENOMEM;
    entry->line = line;
    entry->next = NULL;
    *line->last = entry;
    line->last = &entry->next;
    count_in(q, entry);
    return 0;
}

static struct queue_entry *take_first(struct queue *q, struct queue_line *line)
{
    struct queue_entry *entry = line->first;
    line->first = entry->next;
    if (!line->first)
        line->last = &line->first;
    count_out(q, entry);
    return entry;
}

struct queue_entry *queue_take(struct queue *q)
{
    struct queue_line *line = q->turn;
    if (!line || q->count == 0)
        return NULL;
    do {
        if (line->waiting > 0 && line->running < q->line_running_most) {
            q->turn = line->next;
            line->running++;
            return take_first(q, line);
        }
        line = line->next;
    } while (line != q->turn);
    return NULL;
}

void queue_put_back(struct queue *q, struct queue_entry *entry)
{
    struct queue_line *line = entry->line;
    entry->next = line->first;
    line->first = entry;
    if (!entry->next)
        line->last = &entry->next;
    line->running--;
    count_in(q, entry);
    q->turn = line; /* it keeps its turn */
}

void queue_remove(struct queue *q, struct queue_entry *entry)
{
    struct queue_line *line = entry->line;
    struct queue_entry **at = &line->first;
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    if (!*at)
        line->last = at;
    count_out(q, entry);
    drop_idle_line(q, line);
}

void queue_done(struct queue *q, struct queue_entry *entry)
{
    entry->line->running--;
    drop_idle_line(q, entry->line);
}

uint32_t queue_place(const struct queue *q, const struct queue_entry *entry)
{
    uint32_t ahead = 0, place = 1;
    for (const struct queue_entry *e = entry->line->first; e != entry; e = e->next)
        ahead++;
    /* Before our entry each other line is served once for each of our own ahead of it, and once more when its
     * turn comes before ours. */
    bool before_us = true;
    const struct queue_line *line = q->turn;
    do {
        if (line == entry->line) {
            before_us = false;
            place += ahead;
        } else {
            uint32_t turns = ahead + (before_us ? 1 : 0);
            place += line->waiting < turns ? line->waiting : turns;
        }
        line = line->next;
    } while (line != q->turn);
    return place;
}

void queue_each(const struct queue *q, void (*each)(void *context, struct queue_entry *entry), void *context)
{
    const struct queue_line *line = q->turn;
    if (!line)
        return;
    do {
        for (struct queue_entry *e = line->first, *next; e; e = next) {
            next = e->next;
            each(context, e);
        }
        line = line->next;
    } while (line != q->turn);
}
