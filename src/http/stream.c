/* Event streams, as the HTML standard's text/event-stream. A comment goes out when nothing else has for a
 * while, so that proxies and we ourselves find out about clients that are gone. */
#include "http/internal.h"

#include <stdio.h>

enum { HEARTBEAT_SECONDS = 15 };

static void on_drained(struct evhttp_connection *evcon, void *context)
{
    (void)evcon;
    struct connection *c = context;
    struct http_request *request = c->request;
    if (request && request->streaming && request->drained)
        request->drained(request->drained_context);
}

static void send_chunk(struct http_request *request, const char *text, size_t n, const char *more,
                       size_t more_size)
{
    static const struct timeval pause = {.tv_sec = HEARTBEAT_SECONDS};
    struct evbuffer *chunk = evbuffer_new();
    if (chunk && evbuffer_add(chunk, text, n) == 0 && evbuffer_add(chunk, more, more_size) == 0)
        evhttp_send_reply_chunk_with_cb(request->evreq, chunk, on_drained, request->connection);
    if (chunk)
        evbuffer_free(chunk);
    event_add(request->heartbeat, &pause);
}

static void on_heartbeat(int fd, short what, void *context)
{
    (void)fd;
    (void)what;
    static const char comment[] = ": still here\n\n";
    send_chunk(context, comment, sizeof comment - 1, "", 0);
}

bool http_stream_begin(struct http_request *request, void (*drained)(void *context), void *context)
{
    if (!strcmp(http_method(request), "HEAD")) {
        http_reply_text(request, 200, "text/event-stream", "", 0);
        return false;
    }
    request->heartbeat = evtimer_new(request->connection->server->loop, on_heartbeat, request);
    if (!request->heartbeat) {
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
        return false;
    }
    request->drained = drained;
    request->drained_context = context;
    request->streaming = true;
    http_add_header(request, "X-Accel-Buffering", "no");
    reply_headers(request, "text/event-stream");
    evhttp_send_reply_start(request->evreq, 200, "OK");
    return true;
}

void http_stream_event(struct http_request *request, const char *event, uint64_t id, const char *data)
{
    char head[96];
    int n = snprintf(head, sizeof head, "id: %llu\nevent: %s\ndata: ", (unsigned long long)id, event);
    size_t size = strlen(data);
    char *line = malloc(size + 2);
    if (!line)
        return;
    memcpy(line, data, size);
    memcpy(line + size, "\n\n", 2);
    send_chunk(request, head, (size_t)n, line, size + 2);
    free(line);
}

bool http_stream_has_room(const struct http_request *request)
{
    return evbuffer_get_length(bufferevent_get_output(request->connection->buffers)) < HTTP_STREAM_ROOM;
}

void http_stream_end(struct http_request *request)
{
    request->gone = NULL;
    request->drained = NULL;
    request->streaming = false;
    event_del(request->heartbeat);
    connection_replying(request->connection,
                        evbuffer_get_length(bufferevent_get_output(request->connection->buffers)));
    evhttp_send_reply_end(request->evreq); /* may end the request */
}
