#include "http/internal.h"

#include <stdio.h>

/* The reply has left, whole. */
static void on_complete(struct evhttp_request *evreq, void *context)
{
    (void)evreq;
    struct http_request *request = context;
    struct connection *c = request->connection;
    request_free(request);
    connection_idle(c);
}

struct http_request *request_new(struct connection *c, struct evhttp_request *evreq)
{
    struct http_request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->connection = c;
    request->evreq = evreq;
    c->request = request;
    c->server->stats.requests++;
    c->server->stats.in_flight++;
    evhttp_request_set_on_complete_cb(evreq, on_complete, request);
    return request;
}

void request_free(struct http_request *request)
{
    evhttp_request_set_on_complete_cb(request->evreq, NULL, NULL);
    request->connection->request = NULL;
    request->connection->server->stats.in_flight--;
    if (request->heartbeat)
        event_free(request->heartbeat);
    free(request);
}

const char *http_method(const struct http_request *request)
{
    return request->connection->head.method;
}

const char *http_parameter(const struct http_request *request, size_t n)
{
    return n < PARAMETERS_MOST ? request->connection->parameters[n] : "";
}

const char *http_query(const struct http_request *request, const char *name, char text[static 256])
{
    size_t length = strlen(name);
    for (const char *at = request->connection->head.query; at && *at;) {
        size_t n = strcspn(at, "&");
        if (n >= length && !memcmp(at, name, length) && (n == length || at[length] == '=')) {
            int size = n > length ? (int)(n - length - 1) : 0;
            snprintf(text, 256, "%.*s", size, size ? at + length + 1 : "");
            return text;
        }
        at += n + (at[n] == '&');
    }
    return NULL;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return http_head_field(&request->connection->head, name);
}

const char *http_path(const struct http_request *request)
{
    return request->connection->head.path;
}

const char *http_cookie(const struct http_request *request, const char *name, char text[static 256])
{
    size_t length = strlen(name);
    const char *at = http_header(request, "cookie");
    for (at = at ? at : ""; *at; at += strspn(at, "; ")) {
        size_t n = strcspn(at, ";");
        if (n > length && !memcmp(at, name, length) && at[length] == '=' && n - length <= 256) {
            snprintf(text, 256, "%.*s", (int)(n - length - 1), at + length + 1);
            return text;
        }
        at += n;
    }
    return NULL;
}

const char *http_body(struct http_request *request, size_t *size)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(request->evreq);
    *size = evbuffer_get_length(input);
    const char *bytes = *size ? (const char *)evbuffer_pullup(input, -1) : "";
    if (!bytes) {
        *size = 0;
        return "";
    }
    return bytes;
}

void http_forget_body(struct http_request *request)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(request->evreq);
    evbuffer_drain(input, evbuffer_get_length(input));
    connection_release_body(request->connection);
}

const char *http_client(const struct http_request *request)
{
    return request->connection->client;
}

bool http_has_key(const struct http_request *request)
{
    return request->connection->has_key;
}

bool http_passed_on(const struct http_request *request)
{
    return admit_passed_on(&request->connection->head);
}

bool http_same_origin(const struct http_request *request)
{
    const char *site = http_header(request, "sec-fetch-site"), *origin = http_header(request, "origin");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return false;
    if (!origin)
        return true;
    const char *host = strstr(origin, "://");
    return host && !strcasecmp(host + 3, request->connection->head.host);
}

void http_on_gone(struct http_request *request, void (*gone)(void *context), void *context)
{
    request->gone = gone;
    request->gone_context = context;
}
