/* Whether a call is let in, decided from its head alone, before its body is read. */
#include "http/internal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

/* ---- who calls ---- */

/* An IPv6 network is one client: its owner has 2^64 addresses to choose from. */
static void address_text(const struct sockaddr_storage *address, char text[static CLIENT_TEXT])
{
    char number[INET6_ADDRSTRLEN] = "?";
    const char *suffix = "";
    if (address->ss_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, number, sizeof number);
    } else if (address->ss_family == AF_INET6) {
        struct in6_addr a = ((const struct sockaddr_in6 *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&a)) {
            inet_ntop(AF_INET, a.s6_addr + 12, number, sizeof number);
        } else {
            if (!IN6_IS_ADDR_LOOPBACK(&a)) {
                memset(a.s6_addr + 8, 0, 8);
                suffix = "/64";
            }
            inet_ntop(AF_INET6, &a, number, sizeof number);
        }
    }
    snprintf(text, CLIENT_TEXT, "address:%s%s", number, suffix);
}

void admit_address(struct connection *c)
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    struct ucred who;
    socklen_t who_size = sizeof who;
    if (c->listener->kind == HTTP_UNIX && getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &who, &who_size) == 0)
        snprintf(c->address, sizeof c->address, "uid:%u", who.uid);
    else if (getpeername(c->fd, (struct sockaddr *)&peer, &size) == 0)
        address_text(&peer, c->address);
    else
        snprintf(c->address, sizeof c->address, "address:?");
}

/* A call that a proxy on this machine passes on comes from loopback, but not from anyone on this machine. */
bool admit_passed_on(const struct http_head *head)
{
    static const char *const signs[] = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"};
    for (size_t i = 0; i < array_length(signs); i++)
        if (http_head_field(head, signs[i]))
            return true;
    return false;
}

/* Behind the operator's proxy all readers of a public site would be one client: the address that the proxy
 * saw, the last in its list, is taken instead. */
static void name_guest(struct connection *c)
{
    const char *list = http_head_last_field(&c->head, "x-forwarded-for");
    const char *comma = list ? strrchr(list, ',') : NULL, *last = comma ? comma + 1 : list;
    struct sockaddr_storage address = {0};
    if (c->listener->kind == HTTP_REMOTE || !list)
        return;
    last += strspn(last, " \t");
    if (inet_pton(AF_INET, last, &((struct sockaddr_in *)&address)->sin_addr) == 1)
        address.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, last, &((struct sockaddr_in6 *)&address)->sin6_addr) == 1)
        address.ss_family = AF_INET6;
    else
        return;
    address_text(&address, c->client);
}

static int identify(struct connection *c, bool open, struct problem *problem)
{
    const char *authorization = http_head_field(&c->head, "authorization");
    bool guest = c->server->settings->public_site && (!c->route || c->route->guest);
    memcpy(c->client, c->address, sizeof c->client);
    c->has_key = false;
    if (!authorization) {
        if (guest)
            name_guest(c);
        if (open || guest || (c->listener->kind != HTTP_REMOTE && !admit_passed_on(&c->head)))
            return 0;
        return problem_set(problem, PROBLEM_unauthorized, "send the field 'Authorization: Bearer KEY'");
    }
    static const char scheme[] = "bearer ";
    const struct key *key = NULL;
    if (!strncasecmp(authorization, scheme, sizeof scheme - 1))
        key = key_ring_find(c->server->keys, authorization + sizeof scheme - 1);
    if (!key)
        return problem_set(problem, PROBLEM_unauthorized, "the key in the field Authorization is not known");
    snprintf(c->client, sizeof c->client, "key:%s", key->id);
    c->has_key = true;
    return 0;
}

static int check_rate(struct connection *c, struct problem *problem)
{
    uint64_t most = c->server->settings->requests_per_minute;
    unsigned wait = limiter_take(c->server->limiter, c->client, most, clock_now_ns());
    if (wait == 0)
        return 0;
    problem_set(problem, PROBLEM_too_many_requests,
                "at most %llu requests a minute are taken from one client", (unsigned long long)most);
    problem->retry_after = wait;
    return -1;
}

/* ---- which server it means ---- */

static bool same_name(const char *a, size_t a_size, const char *b, size_t b_size)
{
    return a_size == b_size && !strncasecmp(a, b, a_size);
}

/* True when the comma-separated list has this name. */
static bool list_has_name(const char *list, const char *name, size_t n)
{
    for (; *list; list += strcspn(list, ",")) {
        list += strspn(list, ", ");
        size_t length = strcspn(list, ", ");
        if (length > 0 && same_name(list, length, name, n))
            return true;
    }
    return false;
}

/* The numeric address that the client connected to: a page cannot be tricked into that by DNS. */
static bool is_own_address(const struct connection *c, const char *name, size_t n)
{
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof own;
    char text[INET6_ADDRSTRLEN + 2] = "";
    if (getsockname(c->fd, (struct sockaddr *)&own, &size) < 0)
        return false;
    if (own.ss_family == AF_INET) {
        inet_ntop(AF_INET, &((struct sockaddr_in *)&own)->sin_addr, text, sizeof text);
    } else if (own.ss_family == AF_INET6) {
        const struct in6_addr *a = &((struct sockaddr_in6 *)&own)->sin6_addr;
        char number[INET6_ADDRSTRLEN];
        if (IN6_IS_ADDR_V4MAPPED(a))
            inet_ntop(AF_INET, a->s6_addr + 12, text, sizeof text);
        else
            snprintf(text, sizeof text, "[%s]", inet_ntop(AF_INET6, a, number, sizeof number));
    }
    return same_name(text, strlen(text), name, n);
}

static int check_host(const struct connection *c, struct problem *problem)
{
    const char *host = c->head.host;
    size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    if (c->listener->kind == HTTP_UNIX) /* no page can reach it */
        return 0;
    if (n <= strlen(host) &&
        (!host[n] || (host[n] == ':' && strspn(host + n + 1, "0123456789") == strlen(host + n + 1)))) {
        if (n > 1 && host[n - 1] == '.')
            n--;
        if (list_has_name("localhost,127.0.0.1,[::1]", host, n) ||
            list_has_name(c->server->settings->host_names, host, n) || is_own_address(c, host, n))
            return 0;
    }
    return problem_set(problem, PROBLEM_wrong_host,
                       "'%.80s' is not one of its names; the operator can add it to the setting 'host_names'",
                       host);
}

bool admit_origin(const struct http_server *server, const char *origin)
{
    return origin && list_has_name(server->settings->cors_origins, origin, strlen(origin));
}

/* ---- what it wants ---- */

static bool match_pattern(const char *pattern, const char *path, char parameters[PARAMETERS_MOST][64])
{
    for (size_t i = 0; *pattern;) {
        if (pattern[0] == '{' && i < PARAMETERS_MOST) {
            size_t n = strcspn(path, "/");
            if (n == 0 || n >= sizeof parameters[i])
                return false;
            memcpy(parameters[i], path, n);
            parameters[i++][n] = 0;
            path += n;
            pattern += 2;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return !*path;
}

static void allow(struct connection *c, const char *method)
{
    size_t n = strlen(c->allow);
    snprintf(c->allow + n, sizeof c->allow - n, "%s%s%s", n ? ", " : "", method,
             !strcmp(method, "GET") ? ", HEAD" : "");
}

static int find_route(struct connection *c, struct problem *problem)
{
    const char *method = c->head.method;
    if (!strcmp(method, "HEAD"))
        method = "GET";
    c->route = NULL;
    c->allow[0] = 0;
    for (size_t t = 0; t < c->server->table_count; t++) {
        const struct table *table = &c->server->tables[t];
        for (size_t i = 0; i < table->count; i++) {
            if (!match_pattern(table->routes[i].pattern, c->head.path, c->parameters))
                continue;
            allow(c, table->routes[i].method);
            if (strcmp(table->routes[i].method, method) != 0)
                continue;
            c->route = &table->routes[i];
            c->route_context = table->context;
            return 0;
        }
    }
    if (!c->allow[0])
        return problem_set(problem, PROBLEM_not_found, "there is nothing at this address");
    return problem_set(problem, PROBLEM_method_not_allowed, "%s may be used at this address", c->allow);
}

static bool media_type_is(const char *value, const char *type)
{
    size_t n = strcspn(value ? value : "", "; \t");
    return value && same_name(value, n, type, strlen(type));
}

static int check_body(const struct connection *c, struct problem *problem)
{
    static const char *const types[] = {
        [HTTP_BODY_JSON] = "application/json", [HTTP_BODY_FORM] = "application/x-www-form-urlencoded"};
    const struct http_route *route = c->route;
    if (!route)
        return problem_set(problem, PROBLEM_not_found, "there is nothing at this address");
    uint64_t most = route->body == HTTP_BODY_NONE ? SMALL_BODY
                    : route->body_most            ? route->body_most
                                                  : c->server->settings->request_bytes_most;
    const char *type = http_head_field(&c->head, "content-type");
    const char *encoding = http_head_field(&c->head, "content-encoding");
    if ((route->body == HTTP_BODY_JSON || route->body == HTTP_BODY_FORM) &&
        !media_type_is(type, types[route->body]))
        return problem_set(problem, PROBLEM_unsupported_media, "the field Content-Type must be %s",
                           types[route->body]);
    if (route->body != HTTP_BODY_NONE && encoding && strcasecmp(encoding, "identity") != 0)
        return problem_set(problem, PROBLEM_unsupported_media, "the field Content-Encoding is not taken");
    if (c->head.content_length > most)
        return problem_set(problem, PROBLEM_body_too_large, "it has %llu bytes; at most %llu are taken here",
                           (unsigned long long)c->head.content_length, (unsigned long long)most);
    if (c->head.content_length > SMALL_BODY &&
        c->server->stats.body_bytes + c->head.content_length > BODIES_BYTES_MOST) {
        problem_set(problem, PROBLEM_queue_full, "too many large requests are arriving; try again");
        problem->retry_after = 1;
        return -1;
    }
    return 0;
}

int admit(struct connection *c, struct problem *problem)
{
    struct problem wrong_route = {0};
    c->preflight = false;
    if (check_host(c, problem) < 0)
        return -1;
    int found = find_route(c, &wrong_route);
    if (!strcmp(c->head.method, "OPTIONS") && c->allow[0] &&
        admit_origin(c->server, http_head_field(&c->head, "origin")))
        c->preflight = true; /* a browser asks this without the key */
    bool open = c->preflight || (c->route && c->route->open);
    struct problem unknown = {0};
    int known = identify(c, open, &unknown);
    if (check_rate(c, problem) < 0) /* who tries keys has a rate too: that of the address */
        return -1;
    if (known < 0) {
        *problem = unknown;
        return -1;
    }
    if (c->preflight)
        return 0;
    if (found < 0) {
        *problem = wrong_route;
        return -1;
    }
    return check_body(c, problem);
}
