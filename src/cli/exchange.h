/* HTTP with a server over its Unix socket: one call and its whole answer. */
#ifndef PHIAL_CLI_EXCHANGE_H
#define PHIAL_CLI_EXCHANGE_H

#include "base/base.h"

#include <curl/curl.h>

struct exchange {
    CURL *curl;
    struct curl_slist *headers;
    struct packer body;
    size_t body_most; /* bytes of an answer; a longer one breaks the call off */
    char location[256];
    bool active, done;
    CURLcode result;
    long status;
};

/* 0 when a server listens on the Unix socket, else -errno. */
int server_reachable(const char *path);
/* Makes ready a call to the server at `socket`; ends an earlier one. */
int exchange_open(struct exchange *x, const char *socket, const char *method, const char *path);
void exchange_header(struct exchange *x, const char *line);
/* The body of the call; copied. */
void exchange_send(struct exchange *x, const void *data, size_t size);
/* Puts a piece of the answer's body to what is there (CURLOPT_WRITEFUNCTION; `context` is the exchange). */
size_t exchange_take(char *data, size_t size, size_t count, void *context);
/* "title: detail (pointer)" of a problem+json, or what else came. */
void exchange_problem(const struct exchange *x, struct error *err);
void exchange_close(struct exchange *x);

#endif
