/* The guard before evhttp: one connection's bytes, its states, its deadlines.
 *
 * evhttp reads from the input buffer of a bufferevent. Our callback on that buffer runs after each read and
 * before evhttp looks: it takes the new bytes away (`held`) and puts back what evhttp is to see. The read
 * mark of one byte keeps evhttp from being called for an empty buffer, which it takes for an error while a
 * request is pending. */
#include "http/internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

static void on_bytes(struct evbuffer *input, const struct evbuffer_cb_info *info, void *context);

/* ---- deadlines ---- */

static void set_deadline(struct connection *c, uint64_t seconds)
{
    struct timeval t = {.tv_sec = (time_t)seconds};
    event_add(c->deadline, &t);
}

static void hang_up(struct connection *c)
{
    c->state = STATE_CLOSING;
    evbuffer_drain(c->held, evbuffer_get_length(c->held));
    bufferevent_enable(c->buffers, EV_READ); /* evhttp learns of it by reading the end */
    shutdown(c->fd, SHUT_RDWR);
}

void connection_replying(struct connection *c, size_t size)
{
    set_deadline(c, REPLY_SECONDS + size / BYTES_A_SECOND);
}

/* ---- what evhttp gets ---- */

/* The input's end is frozen but while bufferevent itself reads. */
static void give(struct connection *c, const char *text, uint64_t from_held)
{
    struct evbuffer *input = bufferevent_get_input(c->buffers);
    bool was = c->moving;
    c->moving = true;
    evbuffer_unfreeze(input, 0);
    evbuffer_add(input, text, strlen(text));
    evbuffer_remove_buffer(c->held, input, from_held);
    evbuffer_freeze(input, 0);
    c->moving = was;
}

static void give_head(struct connection *c, const char *method, uint64_t content_length)
{
    char text[256], length[64] = "";
    if (content_length > 0)
        snprintf(length, sizeof length, "Content-Length: %llu\r\n", (unsigned long long)content_length);
    const char *connection = !c->head.keep_alive  ? "Connection: close\r\n"
                             : c->head.minor == 0 ? "Connection: keep-alive\r\n"
                                                  : "";
    snprintf(text, sizeof text, "%s / HTTP/1.%u\r\n%s%s%s\r\n", method, c->head.minor, length, connection,
             c->head.expects_continue && content_length > 0 ? "Expect: 100-continue\r\n" : "");
    give(c, text, 0);
}

/* ---- states ---- */

static void pass_on(struct connection *c)
{
    c->state = STATE_BUSY;
    event_del(c->deadline);
    if (c->refused || c->preflight || c->route->body == HTTP_BODY_NONE)
        give_head(c, !strcmp(c->head.method, "HEAD") ? "HEAD" : "GET", 0);
}

static void refuse(struct connection *c)
{
    /* Such a body is not read: with `Expect` the client waits for our word. */
    bool unread = c->head.expects_continue || c->head.content_length > DISCARD_MOST;
    c->refused = true;
    if (unread)
        c->head.keep_alive = false;
    c->remaining = unread ? 0 : c->head.content_length;
    if (!c->head.method) {
        c->head.method = "GET";
        c->head.minor = 1;
    }
    c->state = STATE_DISCARD;
    if (c->remaining > 0)
        set_deadline(c, BODY_SECONDS + c->remaining / BYTES_A_SECOND);
}

static void let_in(struct connection *c)
{
    c->remaining = c->head.content_length;
    if (c->remaining > 0)
        set_deadline(c, BODY_SECONDS + c->remaining / BYTES_A_SECOND);
    if (c->preflight || c->route->body == HTTP_BODY_NONE) {
        c->state = STATE_DISCARD;
        return;
    }
    if (c->remaining > SMALL_BODY) {
        c->reserved = c->remaining;
        c->server->stats.body_bytes += c->reserved;
    }
    c->state = STATE_BODY;
    give_head(c, c->head.method, c->remaining);
}

static bool take_head(struct connection *c)
{
    size_t n = evbuffer_get_length(c->held);
    const char *bytes =
        (const char *)evbuffer_pullup(c->held, n < HEAD_BYTES_MOST ? (ssize_t)n : HEAD_BYTES_MOST);
    if (c->looked_at == 0 && n >= 2 && bytes[0] == '\r' && bytes[1] == '\n') { /* RFC 9112, 2.2 */
        evbuffer_drain(c->held, 2);
        return true;
    }
    ssize_t length = http_head_length(bytes, n, c->looked_at);
    if (length == 0) {
        if (n > 0 && c->looked_at == 0)
            set_deadline(c, HEAD_SECONDS);
        c->looked_at = n;
        return false;
    }
    c->refused = false;
    c->looked_at = 0;
    if (length == -E2BIG)
        problem_set(&c->refusal, PROBLEM_head_too_large, "it has more than %d bytes", HEAD_BYTES_MOST);
    else if (length < 0)
        problem_set(&c->refusal, PROBLEM_bad_http,
                    "a line ends without a carriage return, or holds a zero byte");
    if (length < 0) {
        evbuffer_drain(c->held, n);
        refuse(c);
        return true;
    }
    int r = http_head_parse(&c->head, bytes, (size_t)length, &c->refusal);
    evbuffer_drain(c->held, (size_t)length);
    if (r == 0 && c->surplus) {
        r = problem_set(&c->refusal, PROBLEM_too_many_connections, "try again in a moment");
        c->refusal.retry_after = 1;
        c->head.keep_alive = false;
    }
    if (r < 0 || admit(c, &c->refusal) < 0)
        refuse(c);
    else
        let_in(c);
    return true;
}

static bool take_body(struct connection *c)
{
    uint64_t n = evbuffer_get_length(c->held);
    if (n > c->remaining)
        n = c->remaining;
    if (c->state == STATE_BODY)
        give(c, "", n);
    else
        evbuffer_drain(c->held, n);
    c->remaining -= n;
    if (c->remaining > 0)
        return false;
    pass_on(c);
    return false;
}

/* True while there is more to do. */
static bool step(struct connection *c)
{
    switch (c->state) {
    case STATE_HEAD:
        return evbuffer_get_length(c->held) > 0 && take_head(c);
    case STATE_BODY:
    case STATE_DISCARD:
        return take_body(c);
    case STATE_CLOSING:
        evbuffer_drain(c->held, evbuffer_get_length(c->held));
        return false;
    case STATE_BUSY:
        if (evbuffer_get_length(c->held) > HELD_MOST)
            bufferevent_disable(c->buffers, EV_READ);
        return false;
    }
    return false;
}

static bool attach(struct connection *c);

static void on_bytes(struct evbuffer *input, const struct evbuffer_cb_info *info, void *context)
{
    struct connection *c = context;
    if (c->moving || info->n_added == 0)
        return;
    if (!c->evcon && !attach(c))
        return;
    c->moving = true;
    /* What evhttp has been given but not taken yet stands before the new bytes. */
    size_t given = evbuffer_get_length(input) - info->n_added;
    struct evbuffer *before = given > 0 ? evbuffer_new() : NULL;
    if (before)
        evbuffer_remove_buffer(input, before, given);
    evbuffer_add_buffer(c->held, input);
    if (before) {
        evbuffer_add_buffer(input, before);
        evbuffer_free(before);
    }
    while (step(c))
        ;
    c->moving = false;
}

/* The reply has left; evhttp waits for the next request. What is held already may be one. */
static void on_wake(int fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct connection *c = context;
    if (!c->evcon && !attach(c))
        return;
    while (step(c))
        ;
    if (evbuffer_get_length(bufferevent_get_input(c->buffers)) > 0)
        bufferevent_trigger(c->buffers, EV_READ, 0);
}

static void on_deadline(int fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct connection *c = context;
    if (c->state == STATE_HEAD && evbuffer_get_length(c->held) > 0) {
        evbuffer_drain(c->held, evbuffer_get_length(c->held));
        c->looked_at = 0;
        http_head_free(&c->head);
        problem_set(&c->refusal, PROBLEM_request_timeout, "its header did not arrive within %d seconds",
                    HEAD_SECONDS);
        refuse(c);
        set_deadline(c, REPLY_SECONDS);
        event_active(c->wake, EV_TIMEOUT, 0);
        return;
    }
    hang_up(c);
}

/* ---- the beginning and the end ---- */

static void connection_free(struct connection *c)
{
    struct http_server *server = c->server;
    if (c->fd >= 0 && (size_t)c->fd < server->connections_size && server->connections[c->fd] == c)
        server->connections[c->fd] = NULL;
    connection_release_body(c);
    server->open--;
    server->stats.connections--;
    evbuffer_remove_cb(bufferevent_get_input(c->buffers), on_bytes, c);
    if (c->deadline)
        event_free(c->deadline);
    if (c->wake)
        event_free(c->wake);
    if (c->held)
        evbuffer_free(c->held);
    http_head_free(&c->head);
    bufferevent_decref(c->buffers);
    free(c);
    server_accept_more(server);
}

/* evhttp is about to free the connection. */
static void on_closed(struct evhttp_connection *evcon, void *context)
{
    (void)evcon;
    struct connection *c = context;
    struct http_request *request = c->request;
    if (request) {
        void (*gone)(void *) = request->gone;
        void *gone_context = request->gone_context;
        struct evhttp_request *evreq = request->evreq;
        request_free(request);
        /* A request that was pending no longer belongs to evhttp when its connection has failed. */
        if (!evhttp_request_get_connection(evreq))
            evhttp_request_free(evreq);
        if (gone)
            gone(gone_context);
    }
    connection_free(c);
}

/* When all places are taken, who has said nothing for longest (and at least for a second) makes room: so
 * neither kept connections nor clients that never finish a header keep others out. */
static bool make_room(struct http_server *server)
{
    struct connection *longest = NULL;
    for (size_t i = 0; i < server->connections_size; i++) {
        struct connection *c = server->connections[i];
        if (c && c->state == STATE_HEAD && (!longest || c->waits_since_ns < longest->waits_since_ns))
            longest = c;
    }
    if (!longest || clock_now_ns() - longest->waits_since_ns < UINT64_C(1000000000))
        return false;
    hang_up(longest);
    return true;
}

/* One address may not take all places. On loopback they may be many behind one proxy. */
static bool takes_too_many(const struct connection *c)
{
    const struct http_server *server = c->server;
    size_t same = 0;
    if (c->listener->kind != HTTP_REMOTE)
        return false;
    for (size_t i = 0; i < server->connections_size; i++)
        same += server->connections[i] && !strcmp(server->connections[i]->address, c->address);
    return same > server->settings->connections_most / SHARE_OF_ADDRESS + 1;
}

static bool remember(struct http_server *server, struct connection *c)
{
    size_t at = (size_t)c->fd;
    if (at >= server->connections_size) {
        size_t size = (at + 64) / 64 * 64;
        struct connection **more = realloc(server->connections, size * sizeof(*more));
        if (!more)
            return false;
        memset(more + server->connections_size, 0, (size - server->connections_size) * sizeof *more);
        server->connections = more;
        server->connections_size = size;
    }
    server->connections[at] = c;
    return true;
}

/* A peer that vanished without a word is found out by the kernel in about a minute. */
static void set_socket_options(int fd, enum http_kind kind)
{
    if (kind == HTTP_UNIX)
        return;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &(int){30}, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &(int){10}, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &(int){3}, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &(int){40000}, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
}

/* evhttp makes its connection after it has asked for the buffers, and makes it the argument of their
 * callbacks; from there we take it, to be told of its end. */
static bool attach(struct connection *c)
{
    void *evcon = NULL;
    bufferevent_getcb(c->buffers, NULL, NULL, NULL, &evcon);
    c->fd = bufferevent_getfd(c->buffers);
    if (!evcon || c->fd < 0) { /* evhttp gave it up at once */
        connection_free(c);
        return false;
    }
    c->evcon = evcon;
    evhttp_connection_set_closecb(c->evcon, on_closed, c);
    static const struct timeval stuck = {.tv_sec = REPLY_SECONDS};
    bufferevent_set_timeouts(c->buffers, NULL, &stuck);
    set_socket_options(c->fd, c->listener->kind);
    admit_address(c);
    if (!remember(c->server, c))
        hang_up(c);
    else if (takes_too_many(c))
        c->surplus = true;
    return true;
}

struct bufferevent *connection_new(struct event_base *loop, void *context)
{
    struct listener *listener = context;
    struct http_server *server = listener->server;
    struct bufferevent *buffers = bufferevent_socket_new(loop, -1, 0);
    struct connection *c = calloc(1, sizeof *c);
    if (!buffers || !c)
        abort(); /* evhttp would go on with buffers that nobody guards */
    *c = (struct connection){.server = server, .listener = listener, .buffers = buffers, .fd = -1};
    c->held = evbuffer_new();
    c->deadline = evtimer_new(loop, on_deadline, c);
    c->wake = evtimer_new(loop, on_wake, c);
    if (!c->held || !c->deadline || !c->wake || !evbuffer_add_cb(bufferevent_get_input(buffers), on_bytes, c))
        abort();
    bufferevent_incref(buffers);
    bufferevent_setwatermark(buffers, EV_READ, 1, 0);
    bufferevent_set_max_single_read(buffers, 65536);
    server->open++;
    server->stats.connections++;
    c->waits_since_ns = clock_now_ns();
    c->surplus = server->open > server->settings->connections_most && !make_room(server);
    set_deadline(c, c->surplus ? 2 : HEAD_SECONDS);
    event_active(c->wake, EV_TIMEOUT, 0);
    if (server->open >= server->settings->connections_most + SURPLUS_CONNECTIONS && server->accepting) {
        server->accepting = false;
        for (size_t i = 0; i < server->listener_count; i++)
            evconnlistener_disable(server->listeners[i].accept);
    }
    return buffers;
}

struct connection *connection_find(struct http_server *server, struct evhttp_request *evreq)
{
    struct evhttp_connection *evcon = evhttp_request_get_connection(evreq);
    int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));
    return fd >= 0 && (size_t)fd < server->connections_size ? server->connections[fd] : NULL;
}

void connection_release_body(struct connection *c)
{
    c->server->stats.body_bytes -= c->reserved;
    c->reserved = 0;
}

void connection_idle(struct connection *c)
{
    connection_release_body(c);
    http_head_free(&c->head);
    c->request = NULL;
    c->state = STATE_HEAD;
    c->looked_at = 0;
    c->waits_since_ns = clock_now_ns();
    set_deadline(c, IDLE_SECONDS);
    if (evbuffer_get_length(c->held) > 0)
        event_active(c->wake, EV_TIMEOUT, 0);
}
