/* A thread of its own for what would hold up the event loop: a disk's flush, a slow hash. Jobs are run in the
 * order in which they came, and each one's end is told on the loop. A job that runs touches nothing that the
 * loop's thread uses. The thread is made when the process may still make one, and waits until it is stopped.
 */
#ifndef PHIAL_BASE_WORKER_H
#define PHIAL_BASE_WORKER_H

#include "base/base.h"

#include <event2/event.h>
#include <sys/queue.h>

/* Kept in a struct of its owner, which lives until `done` was called. */
struct job {
    void (*done)(struct job *job); /* on the loop */
    STAILQ_ENTRY(job) link;
};
STAILQ_HEAD(job_list, job);

struct worker;
struct worker_options {
    struct event_base *loop;
    size_t waiting_most;
    /* On the thread: does all jobs of the list, which were waiting at one time. They stay in the list. */
    void (*run)(void *context, struct job_list *jobs);
    void *context;
};
int worker_start(struct worker **worker, const struct worker_options *options, struct error *err);
/* -EAGAIN when too many wait; the job is the caller's still. */
int worker_add(struct worker *worker, struct job *job);
/* Jobs that were added and whose end has not been told. */
size_t worker_pending(const struct worker *worker);
/* How long the worker has had jobs and ended none; 0 when it has none. */
uint64_t worker_stuck_ns(const struct worker *worker);
/* Does what is waiting still, tells the end of each job, and ends the thread. NULL is fine. */
void worker_stop(struct worker *worker);

#endif
