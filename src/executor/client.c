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
    AGAIN_US = 1000, /* the executor was full although we thought otherwise: its boxes are still dying */
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
    if (t->other)
        t->other->other = NULL;
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

static void link_sent(struct ticket *t)
{
    struct executor_client *c = t->client;
    do
        t->id = ++c->next_id;
    while (t->id == 0 || client_find_sent(c, t->id));
    t->state = TICKET_SENT;
    t->next = c->sent;
    c->sent = t;
    c->sent_count += !t->second;
}

static void unlink_sent(struct ticket *t)
{
    unlink_ticket(&t->client->sent, t);
    t->client->sent_count -= !t->second;
    t->state = TICKET_QUEUED;
}

void client_end_sent(struct ticket *t, const struct run_result *result, const struct error *err)
{
    struct executor_client *c = t->client;
    unlink_sent(t);
    if (!t->second)
        queue_done(&c->queue, &t->entry);
    end_ticket(t, result, err);
    dispatch(c);
    work_later(c);
}

void client_take_back(struct ticket *t)
{
    unlink_sent(t);
    if (t->other)
        unlink_sent(t->other);
    queue_put_back(&t->client->queue, &t->entry);
    if (t->cancelled || (t->other && t->other->cancelled)) /* the executor had nothing to cancel */
        ticket_cancel(t);
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

static void send_paused(const struct ticket *t)
{
    if (t->paused)
        outbox_send(&t->client->out, WIRE_PAUSE, t->id, "\1", 1, -1);
}

/* Without memory it is as with a packet that cannot be sent: the connection is lost. */
static void send_pair(struct ticket *t, int fd)
{
    struct packer body = {0};
    wire_pack_pair(&body, &(struct wire_pair){t->other->id, (uint32_t)t->split});
    outbox_send(&t->client->out, WIRE_PAIR, t->id, body.data, body.failed ? 0 : body.size, fd);
    packer_free(&body);
}

static int send_run(struct ticket *t)
{
    struct executor_client *c = t->client;
    int fd = memfd_sealed("phial-request", t->request.data, t->request.size);
    if (fd < 0)
        return fd;
    link_sent(t);
    if (t->other) {
        link_sent(t->other);
        send_pair(t, fd);
        send_paused(t->other);
    } else {
        outbox_send(&c->out, WIRE_RUN, t->id, NULL, 0, fd);
    }
    send_paused(t);
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
        client_places_changed(c);
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
        unlink_sent(t);
        if (!t->second)
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
        struct ticket *t = (struct ticket *)entry, *other = t->other;
        queue_done(&c->queue, entry);
        end_ticket(t, NULL, &err);
        if (other)
            end_ticket(other, NULL, &err);
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
    client_places_changed(c);
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
    evtimer_assign(&c->places_event, options->loop, client_on_places, c);
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
        struct ticket *t = (struct ticket *)entry;
        queue_done(&c->queue, entry);
        if (t->other)
            ticket_free(t->other);
        ticket_free(t);
    }
    for (struct ticket *t; (t = c->sent);) {
        c->sent = t->next;
        if (!t->second)
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
    t->split = t->request.size;
    t->input = request->interactive ? evbuffer_new() : NULL;
    if (t->request.failed || (request->interactive && !t->input)) {
        ticket_free(t);
        return -ENOMEM;
    }
    t->entry.bytes = t->request.size;
    *ticket = t;
    return 0;
}

static int check_open(const struct executor_client *c, struct error *err)
{
    if (c->draining)
        return error_set(err, ESHUTDOWN, "the server is stopping");
    return c->connected ? 0 : error_set(err, ENOTCONN, "there is no executor at the moment");
}

/* The ticket, and with it its other half, is gone when it fails. */
static int enqueue(struct executor_client *c, const char *who, struct ticket *t, struct error *err)
{
    int r = queue_add(&c->queue, who, &t->entry);
    if (r < 0) {
        if (t->other)
            ticket_free(t->other);
        ticket_free(t);
        return error_set(err, -r, r == -EAGAIN ? "too many runs wait already" : "queue a run: %m");
    }
    dispatch(c);
    client_places_changed(c);
    return 0;
}

int executor_client_run(struct executor_client *c, const char *who, const struct run_request *request,
                        const struct ticket_callbacks *callbacks, void *context, struct ticket **ticket,
                        struct error *err)
{
    int r = check_open(c, err);
    if (r < 0)
        return r;
    r = make_ticket(c, request, callbacks, context, ticket);
    return r < 0 ? error_set(err, -r, "queue a run: %m") : enqueue(c, who, *ticket, err);
}

int executor_client_run_pair(struct executor_client *c, const char *who, const struct pair_half halves[2],
                             struct ticket *tickets[2], struct error *err)
{
    int r = check_open(c, err);
    if (r < 0)
        return r;
    tickets[0] = tickets[1] = NULL;
    for (size_t i = 0; i < 2 && r == 0; i++)
        r = make_ticket(c, halves[i].request, halves[i].callbacks, halves[i].context, &tickets[i]);
    if (r == 0) {
        pack_more(&tickets[0]->request, &tickets[1]->request);
        r = tickets[0]->request.failed ? -ENOMEM : 0;
    }
    if (r < 0) {
        for (size_t i = 0; i < 2 && tickets[i]; i++)
            ticket_free(tickets[i]);
        return error_set(err, -r, "queue a pair of runs: %m");
    }
    packer_free(&tickets[1]->request);
    tickets[0]->entry.bytes = tickets[0]->request.size;
    tickets[0]->other = tickets[1];
    tickets[1]->other = tickets[0];
    tickets[1]->second = true;
    return enqueue(c, who, tickets[0], err);
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

static void push_over(struct ticket *t)
{
    t->state = TICKET_OVER;
    t->next = t->client->over;
    t->client->over = t;
}

void ticket_cancel(struct ticket *t)
{
    struct executor_client *c = t->client;
    t->cancelled = true;
    if (t->state == TICKET_SENT) {
        outbox_send(&c->out, WIRE_CANCEL, t->id, NULL, 0, -1);
    } else if (t->state == TICKET_QUEUED) {
        queue_remove(&c->queue, t->second ? &t->other->entry : &t->entry);
        if (t->other)
            push_over(t->other);
        push_over(t);
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
