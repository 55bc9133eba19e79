/* site/learners_parts: what the files behind learners.h share. */
#ifndef PHIAL_SITE_LEARNERS_PARTS_H
#define PHIAL_SITE_LEARNERS_PARTS_H

#include "base/worker.h"
#include "http/limiter.h"
#include "site/internal.h"

struct learners {
    const struct settings *settings;
    struct store *store;
    struct worker *hasher;
    struct limiter *attempts;         /* by address, and by name */
    char nobody[STORE_PASSWORD_SIZE]; /* hash of no password: an unknown name takes as long as a known one */
};

enum { SESSION_TEXT = 33 };
/* session.c: a new token, and its text, which session_keep() gives to the browser. */
void session_new(char text[static SESSION_TEXT], struct store_token *token);
void session_keep(struct http_request *request, const char *text);
/* The browser is to forget its token. */
void session_drop(struct http_request *request);
/* False when this address does so too often: *wait says for how many seconds. */
bool session_may_try(struct learners *learners, struct http_request *request, unsigned *wait);

/* learners_data.c, tries.c: their routes' handlers. */
void data_export(struct http_request *request, void *site);
void tries_exercise(struct http_request *request, void *site);
void tries_solution(struct http_request *request, void *site);
void tries_hint(struct http_request *request, void *site);

/* "2026-01-31T12:00:00Z"; null for 0. */
json_t *time_json(uint64_t ms);
/* Text of a learner's, whatever bytes are in it. */
json_t *text_json(const char *text, size_t size);

#endif
