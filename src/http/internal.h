/* http: what the files of this room share. */
#ifndef PHIAL_HTTP_INTERNAL_H
#define PHIAL_HTTP_INTERNAL_H

#include "http/head.h"
#include "http/http.h"
#include "http/limiter.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/listener.h>

enum http_kind { HTTP_LOOPBACK, HTTP_UNIX, HTTP_REMOTE };

enum {
    LISTENERS_MOST = 32,
    TABLES_MOST = 16,
    PARAMETERS_MOST = 2,
    CLIENT_TEXT = 80,
    SMALL_BODY = 64 << 10,         /* not counted */
    BODIES_BYTES_MOST = 256 << 20, /* all larger bodies together */
    DISCARD_MOST = 64 << 20,       /* so much of a refused body is read before the answer */
    HELD_MOST = 64 << 10,          /* bytes of further requests on a connection that is busy */
    SHARE_OF_ADDRESS = 4,          /* one address on another machine: a quarter of the connections */
    SURPLUS_CONNECTIONS = 32,      /* over the bound: they are told so */
    HEAD_SECONDS = 10,
    IDLE_SECONDS = 75,
    BODY_SECONDS = 15,
    REPLY_SECONDS = 30,
    BYTES_A_SECOND = 16 << 10, /* slower clients are let go */
};

struct table {
    const struct http_route *routes;
    size_t count;
    void *context;
};
struct listener {
    struct http_server *server;
    struct evhttp *http;
    struct evconnlistener *accept; /* belongs to `http` */
    enum http_kind kind;
};
struct limiter;
struct http_server {
    struct event_base *loop;
    const struct settings *settings;
    struct key_ring *keys;
    struct limiter *limiter;
    struct listener listeners[LISTENERS_MOST];
    size_t listener_count;
    struct table tables[TABLES_MOST];
    size_t table_count;
    http_problem_page *problem_page; /* NULL: problems are JSON for everyone */
    void *problem_page_context;
    struct connection **connections; /* by descriptor */
    size_t connections_size;
    size_t open;    /* connections */
    bool accepting; /* false: no more are taken until some close */
    struct http_stats stats;
};

enum connection_state {
    STATE_HEAD,    /* a head is awaited */
    STATE_BODY,    /* `remaining` bytes of the body are awaited */
    STATE_DISCARD, /* as before, but nobody wants them */
    STATE_BUSY,    /* a request is with its handler, or its reply is on the way */
    STATE_CLOSING, /* nothing that comes is looked at any more */
};
/* One client. It exists from the moment evhttp asks for its buffers until evhttp says that it is closed. */
struct connection {
    struct http_server *server;
    struct listener *listener;
    struct bufferevent *buffers; /* a reference */
    struct evhttp_connection *evcon;
    int fd;
    enum connection_state state;
    struct evbuffer *held; /* bytes that evhttp has not got yet */
    size_t looked_at;      /* of `held`, for the end of a head */
    struct http_head head;
    uint64_t remaining, reserved;
    uint64_t waits_since_ns; /* STATE_HEAD: for a head */
    bool surplus, moving;
    struct event *deadline, *wake;
    struct problem refusal;
    bool refused;
    char allow[64]; /* for 405 */
    const struct http_route *route;
    void *route_context;
    char parameters[PARAMETERS_MOST][64];
    char address[CLIENT_TEXT], client[CLIENT_TEXT];
    bool has_key, preflight;
    struct http_request *request;
};
struct http_request {
    struct connection *connection;
    struct evhttp_request *evreq;
    bool replied, streaming;
    void (*gone)(void *context);
    void *gone_context;
    void (*drained)(void *context);
    void *drained_context;
    struct event *heartbeat;
    struct evbuffer *body;
};

/* connection.c */
struct bufferevent *connection_new(struct event_base *loop, void *listener);
struct connection *connection_find(struct http_server *server, struct evhttp_request *evreq);
/* The reply has begun to leave: it may take as long as `size` bytes need. */
void connection_replying(struct connection *c, size_t size);
/* The body that was counted is no more. */
void connection_release_body(struct connection *c);
/* The reply has left; the connection waits for its next request. */
void connection_idle(struct connection *c);

/* admit.c: whether the head in c->head is let in. On 0, route, parameters and client are set. */
int admit(struct connection *c, struct problem *problem);
bool admit_origin(const struct http_server *server, const char *origin);
void admit_address(struct connection *c);
bool admit_passed_on(const struct http_head *head);

/* server.c: evhttp has a whole request. */
void serve_request(struct evhttp_request *evreq, void *listener);
void server_accept_more(struct http_server *server);

/* request.c */
struct http_request *request_new(struct connection *c, struct evhttp_request *evreq);
void request_free(struct http_request *request);

/* reply.c */
void reply_headers(struct http_request *request, const char *type);
void reply_preflight(struct http_request *request);
const char *status_reason(int status);

#endif
