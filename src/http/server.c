#include "http/internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/socket.h>

int http_server_new(struct http_server **server, const struct http_options *options)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s || sodium_init() < 0 || limiter_new(&s->limiter) < 0) {
        free(s);
        key_ring_free(options->keys);
        return -ENOMEM;
    }
    s->loop = options->loop;
    s->settings = options->settings;
    s->keys = options->keys;
    s->accepting = true;
    *server = s;
    return 0;
}

int http_server_routes(struct http_server *server, const struct http_route *routes, size_t count,
                       void *context)
{
    if (server->table_count == TABLES_MOST)
        return -ENOSPC;
    server->tables[server->table_count++] = (struct table){routes, count, context};
    return 0;
}

void http_server_problem_page(struct http_server *server, http_problem_page *page, void *context)
{
    server->problem_page = page;
    server->problem_page_context = context;
}

/* ---- listening ---- */

static int socket_kind(int fd, enum http_kind *kind)
{
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof own;
    if (getsockname(fd, (struct sockaddr *)&own, &size) < 0)
        return -errno;
    const struct in6_addr *six = &((struct sockaddr_in6 *)&own)->sin6_addr;
    *kind = HTTP_REMOTE;
    if (own.ss_family == AF_UNIX)
        *kind = HTTP_UNIX;
    else if (own.ss_family == AF_INET && ntohl(((struct sockaddr_in *)&own)->sin_addr.s_addr) >> 24 == 127)
        *kind = HTTP_LOOPBACK;
    else if (own.ss_family == AF_INET6 &&
             (IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127)))
        *kind = HTTP_LOOPBACK;
    return 0;
}

int http_server_listen(struct http_server *server, int fd, struct error *err)
{
    if (server->listener_count == LISTENERS_MOST) {
        close(fd);
        return error_set(err, ENOSPC, "listen: more than %d sockets", LISTENERS_MOST);
    }
    struct listener *l = &server->listeners[server->listener_count];
    *l = (struct listener){.server = server, .http = evhttp_new(server->loop)};
    int r = socket_kind(fd, &l->kind);
    struct evhttp_bound_socket *bound = NULL;
    if (r == 0 && l->http && evutil_make_socket_nonblocking(fd) == 0)
        bound = evhttp_accept_socket_with_handle(l->http, fd);
    if (!bound) {
        close(fd);
        if (l->http)
            evhttp_free(l->http);
        return error_set(err, r < 0 ? -r : ENOMEM, "listen: %m");
    }
    l->accept = evhttp_bound_socket_get_listener(bound);
    evhttp_set_bevcb(l->http, connection_new, l);
    evhttp_set_gencb(l->http, serve_request, l);
    evhttp_set_default_content_type(l->http, NULL);
    evhttp_set_allowed_methods(l->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
    server->listener_count++;
    return 0;
}

void server_accept_more(struct http_server *server)
{
    if (server->accepting || server->open >= server->settings->connections_most)
        return;
    server->accepting = true;
    for (size_t i = 0; i < server->listener_count; i++)
        evconnlistener_enable(server->listeners[i].accept);
}

const struct http_stats *http_server_stats(const struct http_server *server)
{
    return &server->stats;
}

void http_server_free(struct http_server *server)
{
    if (!server)
        return;
    for (size_t i = 0; i < server->listener_count; i++)
        evhttp_free(server->listeners[i].http); /* every connection says that it is closed */
    limiter_free(server->limiter);
    key_ring_free(server->keys);
    free(server->connections);
    free(server);
}

/* ---- serving ---- */

void serve_request(struct evhttp_request *evreq, void *context)
{
    struct listener *l = context;
    struct connection *c = connection_find(l->server, evreq);
    struct http_request *request = c ? request_new(c, evreq) : NULL;
    if (!request) {
        evhttp_send_error(evreq, HTTP_INTERNAL, NULL);
        return;
    }
    bufferevent_enable(c->buffers, EV_READ); /* to learn of the client's leaving */
    if (c->refused)
        http_reply_problem(request, &c->refusal);
    else if (c->preflight)
        reply_preflight(request);
    else
        c->route->handler(request, c->route_context);
}
