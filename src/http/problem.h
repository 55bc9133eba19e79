/* http/problem: every error that a client can get, one row each (RFC 9457). `type` is "/problems/NAME" with
 * '-' for
 * '_', and stays as it is. */
#ifndef PHIAL_HTTP_PROBLEM_H
#define PHIAL_HTTP_PROBLEM_H

#include "base/base.h"

#include <jansson.h>

/*    name                   status  title */
#define HTTP_PROBLEMS(X)                                                                                     \
    X(bad_http, 400, "This is not well-formed HTTP")                                                         \
    X(invalid_json, 400, "The body is not the JSON that is expected")                                        \
    X(invalid_request, 400, "The request is not valid")                                                      \
    X(unknown_language, 400, "There is no such language")                                                    \
    X(unknown_exercise, 400, "There is no such exercise")                                                    \
    X(unauthorized, 401, "An API key is needed")                                                             \
    X(forbidden, 403, "This page may not do that")                                                           \
    X(not_found, 404, "There is nothing here")                                                               \
    X(method_not_allowed, 405, "The method is not allowed here")                                             \
    X(request_timeout, 408, "The request took too long to arrive")                                           \
    X(not_interactive, 409, "The run takes no input")                                                        \
    X(run_ended, 409, "The run has ended")                                                                   \
    X(length_required, 411, "A Content-Length is needed")                                                    \
    X(body_too_large, 413, "The body is too large")                                                          \
    X(target_too_long, 414, "The address is too long")                                                       \
    X(unsupported_media, 415, "The body's type is not taken here")                                           \
    X(expectation_failed, 417, "The expectation cannot be met")                                              \
    X(wrong_host, 421, "This server does not have that name")                                                \
    X(not_gradable, 422, "The language cannot be judged in this way")                                        \
    X(too_many_requests, 429, "Too many requests")                                                           \
    X(too_many_runs, 429, "Too many runs at once")                                                           \
    X(input_full, 429, "The program has not read its input yet")                                             \
    X(head_too_large, 431, "The request's header is too large")                                              \
    X(internal, 500, "Something went wrong in the server")                                                   \
    X(queue_full, 503, "The server is busy")                                                                 \
    X(too_many_connections, 503, "Too many connections")                                                     \
    X(draining, 503, "The server is about to stop")                                                          \
    X(sandbox_away, 503, "The sandbox service is starting")                                                  \
    X(sandbox_restarted, 503, "The sandbox service restarted")                                               \
    X(store_away, 503, "What is sent cannot be kept at the moment")                                          \
    X(version_not_supported, 505, "This version of HTTP is not spoken here")

enum problem_type {
#define X(name, status, title) PROBLEM_##name,
    HTTP_PROBLEMS(X)
#undef X
        PROBLEM_COUNT
};

struct problem {
    enum problem_type type;
    char detail[512];
    char pointer[256]; /* JSON pointer of the offending field; "" for none; "/" cannot be, so the whole body
                          is "" */
    unsigned retry_after; /* seconds; 0 for none */
};

/* Fills it in and returns -1, so that a check can end with it. */
int problem_set(struct problem *p, enum problem_type type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int problem_at(struct problem *p, enum problem_type type, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int problem_status(enum problem_type type);
const char *problem_title(enum problem_type type);
/* "/problems/invalid-request"; `text` holds it. */
const char *problem_uri(enum problem_type type, char text[static 64]);
/* A fresh reference, NULL when out of memory. */
json_t *problem_json(const struct problem *p);

#endif
