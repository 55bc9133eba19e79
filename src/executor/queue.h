/* The fair queue: who waits takes turns by client, whatever the length of a client's line. Plain data, no
 * I/O. Inside the executor room. */
#ifndef PHIAL_EXECUTOR_QUEUE_H
#define PHIAL_EXECUTOR_QUEUE_H

#include "base/base.h"

struct queue_line; /* one client: those who wait and how many of its runs are running */

struct queue_entry { /* lies in what is queued */
    struct queue_entry *next;
    struct queue_line *line;
    size_t bytes; /* memory that it holds while it waits */
};

struct queue {
    /* bounds */
    uint32_t most, line_most, line_running_most;
    size_t bytes_most;
    /* state */
    uint32_t count;
    size_t bytes;
    struct queue_line *turn; /* ring of lines; the next to be served; NULL when there is none */
};

/* Puts the entry at the end of the client's line. -EAGAIN when a bound is reached; -ENOMEM. */
int queue_add(struct queue *q, const char *who, struct queue_entry *entry);
/* Takes the next entry whose client may run another; counts it as running. NULL when there is none. */
struct queue_entry *queue_take(struct queue *q);
/* Puts a taken entry back to the head of its line. Bounds do not count. */
void queue_put_back(struct queue *q, struct queue_entry *entry);
/* Takes out an entry that waits. */
void queue_remove(struct queue *q, struct queue_entry *entry);
/* A taken entry's run has ended. */
void queue_done(struct queue *q, struct queue_entry *entry);
/* How many would be served before it, if nobody came or ended, plus one. */
uint32_t queue_place(const struct queue *q, const struct queue_entry *entry);
/* Calls `each` for every entry that waits; it must not change the queue. */
void queue_each(const struct queue *q, void (*each)(void *context, struct queue_entry *entry), void *context);

#endif
