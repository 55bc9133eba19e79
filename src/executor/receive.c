/* What the executor says to its client. Its messages are checked as anybody's: a table says which kinds may
 * come, and one that is malformed or concerns a run that was never sent ends the connection. */
#include "executor/client.h"

#include <errno.h>

/* ---- receiving: 0, or -EBADMSG, which ends the connection ---- */

static int on_run_started(struct ticket *t, const struct wire_message *m)
{
    if (t->started)
        return -EBADMSG;
    (void)m;
    t->client->stats.started++;
    t->started = true;
    if (t->input) /* not before: had it been refused, the bytes would be lost */
        client_send_input(t);
    if (t->callbacks.started && !t->abandoned)
        t->callbacks.started(t->context);
    return 0;
}

static int on_run_output(struct ticket *t, const struct wire_message *m)
{
    struct wire_chunk chunk;
    if (wire_read_chunk(m, RUN_REPORT, &chunk) < 0)
        return -EBADMSG;
    if (t->callbacks.output && !t->abandoned)
        t->callbacks.output(t->context, (enum run_stream)chunk.flag, chunk.data, chunk.size);
    return 0;
}

static int on_run_taken(struct ticket *t, const struct wire_message *m)
{
    struct unpacker u = {.data = m->body, .size = m->size};
    uint32_t n = unpack_u32(&u);
    if (!unpack_done(&u) || n > t->input_ahead)
        return -EBADMSG;
    t->input_ahead -= n;
    return 0;
}

static int on_run_result(struct ticket *t, const struct wire_message *m)
{
    struct run_result result;
    if (run_result_unpack(&result, m->body, m->size) < 0)
        return -EBADMSG;
    client_end_sent(t, &result, NULL);
    return 0;
}

static int on_run_failed(struct ticket *t, const struct wire_message *m)
{
    struct error err;
    if (wire_read_error(m, &err) < 0)
        return -EBADMSG;
    client_end_sent(t, NULL, &err);
    return 0;
}

static int on_run_refused(struct ticket *t, const struct wire_message *m)
{
    struct executor_client *c = t->client;
    struct error err;
    if (wire_read_error(m, &err) < 0)
        return -EBADMSG;
    c->stats.refused++;
    if (err.code != EAGAIN && err.code != ESHUTDOWN) {
        client_end_sent(t, NULL, &err);
        return 0;
    }
    client_take_back(t); /* it waits for room, or for the next executor */
    if (err.code == ESHUTDOWN)
        c->refused_all = true;
    else
        client_try_again_later(c);
    return 0;
}

static int on_stats(struct executor_client *c, const struct wire_message *m)
{
    if (wire_read_stats(m, &c->heard) < 0)
        return -EBADMSG;
    c->stats.boxes_ready = c->heard.boxes_ready;
    c->stats.memory_bytes = c->heard.memory_bytes;
    c->stats.group_memory_bytes = c->heard.group_memory_bytes;
    c->stats.told = true;
    if (c->options.told)
        c->options.told(c->options.context);
    return 0;
}

static int (*const handlers[])(struct ticket *t, const struct wire_message *m) = {
    [WIRE_STARTED] = on_run_started, [WIRE_OUTPUT] = on_run_output, [WIRE_TAKEN] = on_run_taken,
    [WIRE_RESULT] = on_run_result,   [WIRE_FAILED] = on_run_failed, [WIRE_REFUSED] = on_run_refused,
};

void client_on_message(evutil_socket_t sock, short what, void *context)
{
    (void)what;
    struct executor_client *c = context;
    uint8_t packet[WIRE_PACKET_MOST];
    struct wire_message m;
    ssize_t n = message_receive(sock, packet, sizeof packet, NULL, 0, NULL);
    if (n == -EAGAIN)
        return;
    int r = n <= 0 ? -ECONNRESET : wire_read(&m, WIRE_TO_CLIENT, WIRE_OPEN, packet, (size_t)n, 0);
    if (r == 0 && m.kind == WIRE_STATS) {
        r = on_stats(c, &m);
    } else if (r == 0) {
        struct ticket *t = client_find_sent(c, m.run);
        r = t ? handlers[m.kind](t, &m) : -EBADMSG;
    }
    if (r == 0)
        return;
    if (r == -EBADMSG)
        log_error("client", "the executor's message is not understood");
    client_lose(c);
}
