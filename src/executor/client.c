/* The client's side of the executor: tickets, the fair queue, the connection and its loss.
 *
 * Theory of operation. A ticket is queued, then sent, then over. It is sent when the executor has room and
 * its client's turn has come. What a caller must be told because of his own call (a cancelled ticket that was
 * only queued, a broken socket) is told from the loop by the `work` event. When the socket is lost, tickets
 * that were sent end with ECONNRESET; queued ones wait for a new executor for RECONNECT_S, then end with
 * ENOTCONN.
 */
#include "executor/client.h"

#include <errno.h>

enum {
    RECONNECT_S = 5,
    PLACES_US = 20000, /* places are told at most this often */
    AGAIN_US = 1000,   /* the executor was full although we thought otherwise: its boxes are still dying */
    QUEUE_BYTES_MOST = 256 << 20,
};

static void dispatch(struct executor_client *c);

/* ---- tickets ---- */

static void ticket_free(struct ticket *t)
{
    packer_free(&t->request);
    if (t->input)
        evbuffer_free(t->input);
    free(t);
}

static void work_later(struct executor_client *c)
{
    event_active(&c->work_event, EV_TIMEOUT, 0);
}

struct ticket *client_find_sent(const struct executor_client *c, uint32_t id)
{
    struct ticket *t = c->sent;
    while (t && t->id != id)
        t = t->next;
    return t;
}

static void unlink_ticket(struct ticket **list, struct ticket *t)
{
    while (*list != t)
        list = &(*list)->next;
    *list = t->next;
}

/* The last word to the holder; the ticket is gone afterwards. It is in no list any more. */
static void end_ticket(struct ticket *t, const struct run_result *result, const struct error *err)
{
    t->state = TICKET_OVER;
    if (!t->abandoned)
        t->callbacks.ended(t->context, result, err);
    ticket_free(t);
}

static void drained_check(struct executor_client *c)
{
    if (!c->draining || c->sent || c->over || c->queue.count > 0 || !c->drained)
        return;
    void (*drained)(void *) = c->drained;
    c->drained = NULL;
    drained(c->drained_context);
}

void client_end_sent(struct ticket *t, const struct run_result *result, const struct error *err)
{
    struct executor_client *c = t->client;
    unlink_ticket(&c->sent, t);
    c->sent_count--;
    queue_done(&c->queue, &t->entry);
    end_ticket(t, result, err);
    dispatch(c);
    work_later(c);
}

void client_take_back(struct ticket *t)
{
    struct executor_client *c = t->client;
    unlink_ticket(&c->sent, t);
    c->sent_count--;
    if (t->abandoned) {
        queue_done(&c->queue, &t->entry);
        ticket_free(t);
        return;
    }
    t->state = TICKET_QUEUED;
    queue_put_back(&c->queue, &t->entry);
    if (t->cancelled) /* the executor has not seen it, or had nothing to cancel */
        ticket_cancel(t);
}

/* ---- places ---- */

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

static void on_places(evutil_socket_t fd, short what, void *context)
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

static void places_changed(struct executor_client *c)
{
    struct timeval time = {.tv_usec = PLACES_US};
    if (c->queue.count > 0 && !event_pending(&c->places_event, EV_TIMEOUT, NULL))
        evtimer_add(&c->places_event, &time);
}

/* ---- sending ---- */

void client_send_input(struct ticket *t)
{
    uint8_t chunk[WIRE_CHUNK];
    size_t left;
    while ((left = evbuffer_get_length(t->input)) > 0) {
        int n = evbuffer_remove(t->input, chunk, left < sizeof chunk ? left : sizeof chunk);
        if (n <= 0)
            break;
        bool last = (size_t)n == left;
        outbox_send_chunk(&t->client->out, WIRE_STDIN, t->id, last && t->input_end, chunk, (size_t)n);
        t->input_closed = last && t->input_end;
    }
    if (t->input_end && !t->input_closed) {
        outbox_send_chunk(&t->client->out, WIRE_STDIN, t->id, 1, NULL, 0);
        t->input_closed = true;
    }
}

static int send_run(struct ticket *t)
{
    struct executor_client *c = t->client;
    int fd = memfd_sealed("phial-request", t->request.data, t->request.size);
    if (fd < 0)
        return fd;
    do
        t->id = ++c->next_id;
    while (t->id == 0 || client_find_sent(c, t->id));
    t->state = TICKET_SENT;
    t->next = c->sent;
    c->sent = t;
    c->sent_count++;
    outbox_send(&c->out, WIRE_RUN, t->id, NULL, 0, fd);
    if (t->paused)
        outbox_send(&c->out, WIRE_PAUSE, t->id, "\1", 1, -1);
    return 0;
}

void client_try_again_later(struct executor_client *c)
{
    struct timeval time = {.tv_usec = AGAIN_US};
    evtimer_add(&c->again_event, &time);
}

static void dispatch(struct executor_client *c)
{
    bool any = false;
    while (c->connected && !c->broken && !c->refused_all && c->sent_count < c->options.running_most &&
           !event_pending(&c->again_event, EV_TIMEOUT, NULL)) {
        struct queue_entry *entry = queue_take(&c->queue);
        if (!entry)
            break;
        struct ticket *t = (struct ticket *)entry;
        if (send_run(t) < 0) { /* no descriptor, no memory: there will be some again */
            queue_put_back(&c->queue, entry);
            client_try_again_later(c);
            break;
        }
        any = true;
    }
    if (any)
        places_changed(c);
}

static void on_again(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    dispatch(context);
}

/* ---- loss ---- */

static void end_sent_tickets(struct executor_client *c)
{
    struct error err;
    error_set(&err, ECONNRESET, "the executor went away while the program ran");
    while (c->sent) {
        struct ticket *t = c->sent;
        c->sent = t->next;
        c->sent_count--;
        queue_done(&c->queue, &t->entry);
        end_ticket(t, NULL, &err);
    }
}

static void disconnect(struct executor_client *c)
{
    if (c->sock < 0)
        return;
    outbox_close(&c->out);
    event_del(&c->socket_event);
    close_fd(&c->sock);
    c->connected = c->broken = c->refused_all = c->drain_sent = false;
    c->stats.told = false;
    c->heard.template_count = 0;
}

void client_lose(struct executor_client *c)
{
    struct timeval time = {.tv_sec = RECONNECT_S};
    disconnect(c);
    evtimer_add(&c->lost_event, &time);
    end_sent_tickets(c);
    work_later(c);
    if (c->options.lost)
        c->options.lost(c->options.context);
}

static void on_lost_for_long(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct executor_client *c = context;
    struct error err;
    error_set(&err, ENOTCONN, "no executor took the run");
    uint32_t running_most = c->queue.line_running_most;
    c->queue.line_running_most = UINT32_MAX;
    for (struct queue_entry *entry; !c->connected && (entry = queue_take(&c->queue));) {
        queue_done(&c->queue, entry);
        end_ticket((struct ticket *)entry, NULL, &err);
    }
    c->queue.line_running_most = running_most;
    drained_check(c);
}

static void on_outbox(void *context)
{
    struct executor_client *c = context;
    if (c->out.broken)
        client_lose(c);
}

/* ---- what was put off ---- */

static void end_cancelled(struct ticket *t)
{
    struct run_result result = {
        .status = RUN_killed,
        .signaled = true,
        .code = 9, /* SIGKILL, as if it had been struck at its first instruction */
        .limits = limits_clamp(t->limits, &limits_standard, &limits_ceiling),
    };
    end_ticket(t, &result, NULL);
}

static void on_work(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct executor_client *c = context;
    while (c->over) {
        struct ticket *t = c->over;
        c->over = t->next;
        end_cancelled(t);
    }
    dispatch(c);
    places_changed(c);
    if (c->draining && c->connected && !c->drain_sent && c->queue.count == 0) {
        c->drain_sent = true;
        outbox_send(&c->out, WIRE_DRAIN, 0, NULL, 0, -1);
    }
    drained_check(c);
}

/* ---- the header's functions ---- */

int executor_client_new(struct executor_client **client, const struct executor_client_options *options)
{
    struct executor_client *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->options = *options;
    c->sock = -1;
    c->queue = (struct queue){.most = options->queue_most,
                              .line_most = options->client_queue_most,
                              .line_running_most = options->client_most,
                              .bytes_most = QUEUE_BYTES_MOST};
    evtimer_assign(&c->work_event, options->loop, on_work, c);
    evtimer_assign(&c->places_event, options->loop, on_places, c);
    evtimer_assign(&c->again_event, options->loop, on_again, c);
    evtimer_assign(&c->lost_event, options->loop, on_lost_for_long, c);
    *client = c;
    return 0;
}

int executor_client_connect(struct executor_client *c, int sock, struct error *err)
{
    cleanup_fd int taken = sock;
    if (c->sock >= 0) /* its end has not been read yet */
        client_lose(c);
    if (evutil_make_socket_nonblocking(sock) < 0)
        return error_set(err, EINVAL, "connect to the executor: %m");
    event_assign(&c->socket_event, c->options.loop, sock, EV_READ | EV_PERSIST, client_on_message, c);
    if (event_add(&c->socket_event, NULL) < 0)
        return error_set(err, ENOMEM, "connect to the executor: %m");
    c->sock = steal_fd(&taken);
    outbox_open(&c->out, c->options.loop, c->sock, on_outbox, c);
    event_del(&c->lost_event);
    c->connected = true;
    work_later(c);
    return 0;
}

bool executor_client_connected(const struct executor_client *client)
{
    return client->connected;
}

void executor_client_free(struct executor_client *c)
{
    if (!c)
        return;
    disconnect(c);
    struct event *events[] = {&c->work_event, &c->places_event, &c->again_event, &c->lost_event};
    for (size_t i = 0; i < array_length(events); i++)
        event_del(events[i]);
    c->queue.line_running_most = UINT32_MAX;
    for (struct queue_entry *entry; (entry = queue_take(&c->queue));) {
        queue_done(&c->queue, entry);
        ticket_free((struct ticket *)entry);
    }
    for (struct ticket *t; (t = c->sent);) {
        c->sent = t->next;
        queue_done(&c->queue, &t->entry);
        ticket_free(t);
    }
    for (struct ticket *t; (t = c->over);) {
        c->over = t->next;
        ticket_free(t);
    }
    free(c);
}

struct executor_stats executor_client_stats(const struct executor_client *client)
{
    struct executor_stats stats = client->stats;
    stats.running = client->sent_count;
    stats.queued = client->queue.count;
    stats.templates = client->heard.templates;
    stats.template_count = client->heard.template_count;
    return stats;
}

static int make_ticket(struct executor_client *c, const struct run_request *request,
                       const struct ticket_callbacks *callbacks, void *context, struct ticket **ticket)
{
    struct ticket *t = calloc(1, sizeof *t);
    if (!t)
        return -ENOMEM;
    *t = (struct ticket){.client = c, .callbacks = *callbacks, .context = context, .limits = request->limits};
    run_request_pack(&t->request, request);
    t->input = request->interactive ? evbuffer_new() : NULL;
    if (t->request.failed || (request->interactive && !t->input)) {
        ticket_free(t);
        return -ENOMEM;
    }
    t->entry.bytes = t->request.size;
    *ticket = t;
    return 0;
}

int executor_client_run(struct executor_client *c, const char *who, const struct run_request *request,
                        const struct ticket_callbacks *callbacks, void *context, struct ticket **ticket,
                        struct error *err)
{
    struct ticket *t;
    if (c->draining)
        return error_set(err, ESHUTDOWN, "the server is stopping");
    if (!c->connected)
        return error_set(err, ENOTCONN, "there is no executor at the moment");
    int r = make_ticket(c, request, callbacks, context, &t);
    if (r < 0)
        return error_set(err, -r, "queue a run: %m");
    r = queue_add(&c->queue, who, &t->entry);
    if (r < 0) {
        ticket_free(t);
        return error_set(err, -r, r == -EAGAIN ? "too many runs wait already" : "queue a run: %m");
    }
    *ticket = t;
    dispatch(c);
    places_changed(c);
    return 0;
}

int ticket_stdin(struct ticket *t, const void *data, size_t size, bool eof)
{
    if (!t->input || t->input_end || t->state == TICKET_OVER)
        return -EPIPE;
    if (size > WIRE_STDIN_AHEAD - t->input_ahead)
        return -EAGAIN;
    if (evbuffer_add(t->input, data, size) < 0)
        return -ENOMEM;
    t->input_ahead += size;
    t->input_end = eof;
    if (t->started)
        client_send_input(t);
    return 0;
}

void ticket_cancel(struct ticket *t)
{
    struct executor_client *c = t->client;
    t->cancelled = true;
    if (t->state == TICKET_SENT) {
        outbox_send(&c->out, WIRE_CANCEL, t->id, NULL, 0, -1);
    } else if (t->state == TICKET_QUEUED) {
        queue_remove(&c->queue, &t->entry);
        t->state = TICKET_OVER;
        t->next = c->over;
        c->over = t;
        work_later(c);
    }
}

void ticket_abandon(struct ticket *t)
{
    t->abandoned = true;
    if (t->state == TICKET_SENT && t->paused)
        ticket_pause_output(t, false);
    ticket_cancel(t);
}

void ticket_pause_output(struct ticket *t, bool paused)
{
    if (t->paused == paused)
        return;
    t->paused = paused;
    uint8_t byte = paused;
    if (t->state == TICKET_SENT)
        outbox_send(&t->client->out, WIRE_PAUSE, t->id, &byte, 1, -1);
}

void executor_client_drain(struct executor_client *c, void (*drained)(void *context), void *context)
{
    c->draining = true;
    c->drained = drained;
    c->drained_context = context;
    work_later(c);
}
