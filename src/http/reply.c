#include "http/internal.h"

#include <stdio.h>

const char *status_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } rows[] = {
        {200, "OK"},
        {202, "Accepted"},
        {204, "No Content"},
        {303, "See Other"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < array_length(rows); i++)
        if (rows[i].status == status)
            return rows[i].reason;
    return "Status";
}

void http_add_header(struct http_request *request, const char *name, const char *value)
{
    evhttp_add_header(evhttp_request_get_output_headers(request->evreq), name, value);
}

/* What every reply carries. The usual policy of contents lets a page show its own style sheet and picture,
 * and post to this server; no script runs and nothing is asked of anybody else. */
void reply_headers(struct http_request *request, const char *type)
{
    const struct connection *c = request->connection;
    const char *origin = http_head_field(&c->head, "origin");
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request->evreq);
    if (type)
        evhttp_add_header(headers, "Content-Type", type);
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    /* Not "no-referrer": with it browsers send "Origin: null" with a form, also to its own server. */
    evhttp_add_header(headers, "Referrer-Policy", "same-origin");
    if (!evhttp_find_header(headers, "Content-Security-Policy"))
        evhttp_add_header(
            headers, "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'");
    if (!evhttp_find_header(headers, "Cache-Control"))
        evhttp_add_header(headers, "Cache-Control", "no-store");
    if (evhttp_find_header(headers, "Access-Control-Allow-Origin")) /* for everyone: the handler's choice */
        return;
    evhttp_add_header(headers, "Cross-Origin-Resource-Policy", "same-origin");
    if (*c->server->settings->cors_origins)
        evhttp_add_header(headers, "Vary", "Origin");
    if (admit_origin(c->server, origin)) {
        evhttp_add_header(headers, "Access-Control-Allow-Origin", origin);
        evhttp_add_header(headers, "Access-Control-Expose-Headers", "Location, Retry-After");
        evhttp_remove_header(headers, "Cross-Origin-Resource-Policy");
    }
}

static void send_reply(struct http_request *request, int status, const char *type, struct evbuffer *body)
{
    size_t size = body ? evbuffer_get_length(body) : 0;
    request->replied = true;
    request->gone = NULL; /* the handler is done with it */
    reply_headers(request, type);
    if (!strcmp(http_method(request), "HEAD")) {
        char text[32];
        snprintf(text, sizeof text, "%zu", size);
        http_add_header(request, "Content-Length", text);
        evbuffer_drain(body, size);
    }
    connection_replying(request->connection, size);
    evhttp_send_reply(request->evreq, status, status_reason(status), body); /* may end the request */
}

static void forget_text(const void *data, size_t size, void *text)
{
    (void)data;
    (void)size;
    free(text);
}

static void reply_reference(struct http_request *request, int status, const char *type, const void *data,
                            size_t size, evbuffer_ref_cleanup_cb forget, void *context)
{
    struct evbuffer *body = evbuffer_new();
    if (!body || evbuffer_add_reference(body, data, size, forget, context) < 0) {
        if (forget)
            forget(data, size, context);
        status = 500;
    }
    send_reply(request, status, type, body);
    if (body)
        evbuffer_free(body);
}

void http_reply_owned(struct http_request *request, int status, const char *type, char *text, size_t size)
{
    reply_reference(request, text ? status : 500, type, text, text ? size : 0, forget_text, text);
}

void http_reply_static(struct http_request *request, int status, const char *type, const void *data,
                       size_t size)
{
    reply_reference(request, status, type, data, size, NULL, NULL);
}

void http_reply_see_other(struct http_request *request, const char *location)
{
    http_add_header(request, "Location", location);
    http_reply_static(request, 303, "text/plain; charset=utf-8", "", 0);
}

void http_reply_text(struct http_request *request, int status, const char *type, const void *data,
                     size_t size)
{
    char *copy = malloc(size + 1);
    if (copy)
        memcpy(copy, data, size);
    http_reply_owned(request, status, type, copy, size);
}

/* Compact, with a line feed at its end for people at a terminal. */
static void reply_json(struct http_request *request, int status, const char *type, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    size_t size = text ? strlen(text) : 0;
    json_decref(json);
    char *line = text ? realloc(text, size + 2) : NULL;
    if (!line) {
        free(text);
        static const char sorry[] =
            "{\"type\":\"/problems/internal\",\"title\":\"Something went wrong in the "
            "server\",\"status\":500}\n";
        http_reply_text(request, 500, "application/problem+json", sorry, sizeof sorry - 1);
        return;
    }
    memcpy(line + size, "\n", 2);
    http_reply_owned(request, status, type, line, size + 1);
}

void http_reply_json(struct http_request *request, int status, json_t *body)
{
    reply_json(request, status, "application/json", body);
}

void http_reply_problem(struct http_request *request, const struct problem *problem)
{
    struct connection *c = request->connection;
    c->server->stats.problems[problem->type]++;
    if (problem->retry_after > 0) {
        char text[16];
        snprintf(text, sizeof text, "%u", problem->retry_after);
        http_add_header(request, "Retry-After", text);
    }
    if (problem->type == PROBLEM_unauthorized)
        http_add_header(request, "WWW-Authenticate", "Bearer");
    if (problem->type == PROBLEM_method_not_allowed && c->allow[0])
        http_add_header(request, "Allow", c->allow);
    if (c->server->problem_page && http_list_has(http_header(request, "accept"), "text/html") &&
        c->server->problem_page(request, problem, c->server->problem_page_context))
        return;
    reply_json(request, problem_status(problem->type), "application/problem+json", problem_json(problem));
}

void reply_preflight(struct http_request *request)
{
    struct connection *c = request->connection;
    http_add_header(request, "Access-Control-Allow-Methods", c->allow);
    http_add_header(request, "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Prefer, Last-Event-ID");
    http_add_header(request, "Access-Control-Max-Age", "600");
    send_reply(request, 204, NULL, NULL);
}
