/* http/head: the head of an HTTP/1.1 request, read strictly (RFC 9112). What is ambiguous, and so could be
 * read in two ways by us and by a proxy before us, is refused: bare line feeds, folded lines, spaces before a
 * colon, zero bytes, two Content-Length or Host fields, Transfer-Encoding. Pure functions over bytes, fuzzed.
 */
#ifndef PHIAL_HTTP_HEAD_H
#define PHIAL_HTTP_HEAD_H

#include "http/problem.h"

enum {
    HEAD_BYTES_MOST = 16384,
    HEAD_TARGET_MOST = 4096,
    HEAD_FIELDS_MOST = 64,
};

struct http_field {
    char *name, *value;
};
struct http_head {
    char *bytes;                 /* everything below points into it; owned */
    char *method, *path, *query; /* query without '?', NULL when there is none */
    char *host;                  /* of the Host field or of an absolute target */
    unsigned minor;              /* HTTP/1.minor */
    struct http_field fields[HEAD_FIELDS_MOST];
    size_t field_count;
    uint64_t content_length; /* 0 when there is no body */
    bool keep_alive, expects_continue;
};

/* How many of the `n` bytes a head takes, with the empty line that ends it: 0 while more must come. Negative
 * when it can never become one: -EINVAL (a line feed without carriage return, a zero byte), -E2BIG. `from` is
 * where to go on: the count of bytes that were looked at by the last call. */
ssize_t http_head_length(const char *bytes, size_t n, size_t from);
/* Reads a head of exactly `n` bytes. On a fault *problem says which, and the head may be used for its method
 * and keep_alive only. http_head_free() in any case. */
int http_head_parse(struct http_head *head, const char *bytes, size_t n, struct problem *problem);
void http_head_free(struct http_head *head);
/* The value of the first field with this name, in any case of letters; NULL when there is none. */
const char *http_head_field(const struct http_head *head, const char *name);
/* Of several fields of that name the last: a proxy writes its own behind what it was sent. */
const char *http_head_last_field(const struct http_head *head, const char *name);
/* True when the comma-separated list in `value` has this token, in any case of letters. */
bool http_list_has(const char *value, const char *token);

#endif
