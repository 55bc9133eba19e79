/* http: evhttp made small. Routes, problems, keys, rate limits, event streams.
 *
 * Theory of operation. A connection's bytes first meet our own guard (connection.c): it reads each head
 * strictly (head.c), decides whether the call is let in (admit.c: Host, key, rate, route, type and size of
 * the body) before a byte of the body is read, and gives evhttp a head of its own making, with nothing in it
 * that a client wrote, and then as many bytes of body as were announced. So evhttp does what it is good at
 * (bodies, replies, chunks, keep-alive), and two parsers can never disagree. While a call is answered nothing
 * is handed on; the socket is still read, so that a client's leaving is noticed. Each state has a deadline,
 * each buffer a bound.
 *
 * A request belongs to its handler until it has replied or is told that the client is gone; then it is no
 * more. This room may touch: the sockets it is given, new connections on them, the keys file through its
 * descriptor.
 */
#ifndef PHIAL_HTTP_HTTP_H
#define PHIAL_HTTP_HTTP_H

#include "http/keys.h"
#include "http/problem.h"
#include "settings/settings.h"

#include <event2/event.h>
#include <jansson.h>

struct http_server;
struct http_request;
typedef void http_handler(struct http_request *request, void *context);

/* ---- the server (server.c) ---- */

enum http_body { HTTP_BODY_NONE, HTTP_BODY_JSON, HTTP_BODY_FORM, HTTP_BODY_RAW };

struct http_route {
    const char *method;  /* a GET route also answers HEAD */
    const char *pattern; /* "{}" stands for one component of the path: http_parameter() */
    enum http_body body;
    uint64_t body_most; /* bytes; 0 for settings.request_bytes_most */
    bool open;          /* needs no key on any listener */
    bool guest;         /* nor, when settings.public_site says so, by who reads the site's pages */
    http_handler *handler;
};
struct http_options {
    struct event_base *loop;
    const struct settings *settings; /* lives as long as the server */
    struct key_ring *keys;           /* taken */
};
struct http_stats {
    uint64_t connections, requests, in_flight, body_bytes;
    uint64_t problems[PROBLEM_COUNT]; /* answers given, by type */
};
int http_server_new(struct http_server **server, const struct http_options *options);
/* The table must live as long as the server; earlier tables go first. */
int http_server_routes(struct http_server *server, const struct http_route *routes, size_t count,
                       void *context);
/* Takes calls on a listening socket, which it takes. Whether a key is needed is read from the socket's
 * address. */
int http_server_listen(struct http_server *server, int fd, struct error *err);
/* Who asks for text/html, a browser that shows a page, gets problems as `page` writes them: it answers the
 * request and returns true, or leaves it. */
typedef bool http_problem_page(struct http_request *request, const struct problem *problem, void *context);
void http_server_problem_page(struct http_server *server, http_problem_page *page, void *context);
const struct http_stats *http_server_stats(const struct http_server *server);
void http_server_free(struct http_server *server);

/* ---- a request (request.c) ---- */

const char *http_method(const struct http_request *request);
/* The text that stands at the n-th "{}" of the route. */
const char *http_parameter(const struct http_request *request, size_t n);
/* The value of a query parameter, as it was sent; "" when it has none; NULL when it is not there. `text`
 * holds it. */
const char *http_query(const struct http_request *request, const char *name, char text[static 256]);
const char *http_header(const struct http_request *request, const char *name);
const char *http_path(const struct http_request *request);
/* The value of a cookie, NULL when there is none or it is longer than `text`, which holds it. */
const char *http_cookie(const struct http_request *request, const char *name, char text[static 256]);
/* The body in one piece; not NULL. */
const char *http_body(struct http_request *request, size_t *size);
/* The body is not needed any more: its memory is given back. */
void http_forget_body(struct http_request *request);
/* Who calls: "key:ID", "uid:N" on a Unix socket, else "address:IP". Lives as long as the request. */
const char *http_client(const struct http_request *request);
/* True when the comma-separated list in `value`, which may be NULL, has this token, in any case of letters.
 */
bool http_list_has(const char *value, const char *token);
bool http_has_key(const struct http_request *request);
/* True when a proxy says that it passes the call on: it does not come from whoever is connected. */
bool http_passed_on(const struct http_request *request);
/* True when the call comes from no page, or from a page of this server's own. */
bool http_same_origin(const struct http_request *request);
/* `gone` is called when the client leaves before it has the whole answer; the request is no more then. */
void http_on_gone(struct http_request *request, void (*gone)(void *context), void *context);

/* ---- replies (reply.c). Each ends the handler's ownership. ---- */

/* One more header field for the reply to come. A Content-Security-Policy stands in place of the usual one. */
void http_add_header(struct http_request *request, const char *name, const char *value);
/* `body` is taken (a reference); NULL makes it a 500. */
void http_reply_json(struct http_request *request, int status, json_t *body);
void http_reply_problem(struct http_request *request, const struct problem *problem);
/* 303: the browser is to get `location` now. */
void http_reply_see_other(struct http_request *request, const char *location);
/* `data` lives as long as the server. */
void http_reply_static(struct http_request *request, int status, const char *type, const void *data,
                       size_t size);
/* `text`, from malloc(), is taken; NULL makes it a 500. */
void http_reply_owned(struct http_request *request, int status, const char *type, char *text, size_t size);
/* `size` bytes are copied. `type` as in Content-Type; pages may show their own style sheet, nothing else. */
void http_reply_text(struct http_request *request, int status, const char *type, const void *data,
                     size_t size);

/* ---- event streams (stream.c) ---- */

enum { HTTP_STREAM_ROOM = 256 << 10 };
/* Starts a text/event-stream. False when the method is HEAD: the request has been answered. `drained` is
 * called each time all that was written has left. */
bool http_stream_begin(struct http_request *request, void (*drained)(void *context), void *context);
/* One event; `data` is one line. */
void http_stream_event(struct http_request *request, const char *event, uint64_t id, const char *data);
/* False once more than HTTP_STREAM_ROOM bytes wait for the client: wait for `drained`. */
bool http_stream_has_room(const struct http_request *request);
void http_stream_end(struct http_request *request);

/* ---- forms (form.c) ---- */

/* The value of one field of an application/x-www-form-urlencoded body, decoded; *size gets its length, a zero
 * byte stands behind it. NULL when it is not there, malformed or out of memory. The caller frees. */
char *form_value(const char *body, size_t n, const char *name, size_t *size);

#endif
