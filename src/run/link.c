/* Two runs whose harnesses talk to each other: what one reports is the other's input behind its order. We
 * hand bytes on and read none: each harness judges what comes from the other. What waits is bounded: past
 * that the writer's pipe is not read, and it blocks. */
#include "run/execute.h"

#include <errno.h>

enum { LINK_HIGH = 256 << 10 };

void run_join(struct run *a, struct run *b)
{
    a->peer = b;
    b->peer = a;
}

/* It takes nothing any more: it ended, or its harness has closed the pipe. */
static bool is_deaf(const struct run *run)
{
    return run->phase >= PHASE_KILL || (run->phase == PHASE_RUN && run->order.fd < 0);
}

void link_give(struct run *run, const void *data, size_t size)
{
    struct run *peer = run->peer;
    if (!peer || is_deaf(peer) || size == 0)
        return;
    if (evbuffer_add(peer->order.pending, data, size) < 0) {
        run_fault(peer, ENOMEM, "pass on what the other run says");
        return;
    }
    if (peer->phase == PHASE_RUN) /* before that it waits behind the order */
        feed_go(peer, &peer->order);
    if (is_deaf(peer) || run->phase >= PHASE_KILL || evbuffer_get_length(peer->order.pending) <= LINK_HIGH)
        return;
    run->link_full = true;
    run_unwatch(&run->streams[RUN_REPORT].event);
}

void link_drained(struct run *run)
{
    struct run *writer = run->peer;
    if (!writer || !writer->link_full)
        return;
    writer->link_full = false;
    if (writer->streams[RUN_REPORT].fd >= 0 && !writer->paused &&
        event_add(&writer->streams[RUN_REPORT].event, NULL) < 0)
        run_fault(writer, ENOMEM, "watch a pipe");
}

void link_end(struct run *run)
{
    struct run *peer = run->peer;
    if (!peer)
        return;
    link_drained(run); /* the peer talks to nobody from now on, and must not block in that */
    run->peer = peer->peer = NULL;
    peer->order.close_when_empty = true;
    if (peer->phase == PHASE_RUN)
        feed_go(peer, &peer->order);
}
