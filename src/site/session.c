/* The cookie by which a browser is known. */
#include "site/learners_parts.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>

static const char cookie_name[] = "phial_learner";
enum {
    COOKIE_SECONDS = 400 * 86400, /* browsers keep none for longer */
    KEPT_PER_MINUTE = 120,
    TRIES_PER_MINUTE = 60, /* of one address: a class may sign in behind one */
};

static void hash_token(const char *text, struct store_token *token)
{
    crypto_generichash(token->hash, sizeof token->hash, (const unsigned char *)text, strlen(text), NULL, 0);
}

/* ---- the cookie ---- */

/* What a proxy with TLS says of the browser's side. */
static bool is_https(const struct http_request *request)
{
    const char *proto = http_header(request, "x-forwarded-proto");
    const char *forwarded = http_header(request, "forwarded");
    return http_list_has(proto, "https") || (forwarded && strcasestr(forwarded, "proto=https"));
}

static void set_cookie(struct http_request *request, const char *value, unsigned seconds)
{
    char text[256];
    snprintf(text, sizeof text, "%s=%s; Path=/; Max-Age=%u; HttpOnly; SameSite=Lax%s", cookie_name, value,
             seconds, is_https(request) ? "; Secure" : "");
    http_add_header(request, "Set-Cookie", text);
}

void session_new(char text[static SESSION_TEXT], struct store_token *token)
{
    random_hex((SESSION_TEXT - 1) / 2, text);
    hash_token(text, token);
}

void session_keep(struct http_request *request, const char *text)
{
    set_cookie(request, text, COOKIE_SECONDS);
}

void session_drop(struct http_request *request)
{
    set_cookie(request, "", 0);
}

static bool token_good(const char *text)
{
    return text && strlen(text) == SESSION_TEXT - 1 && strspn(text, "0123456789abcdef") == SESSION_TEXT - 1;
}

/* ---- who it is ---- */

static bool is_teacher(const struct learners *learners, const struct http_request *request, const char *name)
{
    bool local = !strncmp(http_client(request), "uid:", 4) && !http_passed_on(request);
    if (http_has_key(request) || local)
        return true; /* the operator, or one whom the operator trusts */
    return *name && http_list_has(learners->settings->teachers, name);
}

void session_open(struct learners *learners, struct http_request *request, struct session *session)
{
    char text[256];
    const char *cookie = http_cookie(request, cookie_name, text);
    *session = (struct session){0};
    if (token_good(cookie)) {
        hash_token(cookie, &session->token);
        int r = store_learner(learners->store, &session->token, &session->learner);
        if (r < 0 && r != -ENOENT)
            log_warning("site", "read a learner: %s", strerror(-r));
    } else {
        session_new(text, &session->token);
        session_keep(request, text);
    }
    sodium_bin2hex(session->key, sizeof session->key, session->token.hash, (sizeof session->key - 1) / 2);
    session->teacher = is_teacher(learners, request, session->learner.name);
}

bool session_same_origin(struct http_request *request)
{
    if (http_same_origin(request))
        return true;
    struct problem problem;
    problem_set(&problem, PROBLEM_forbidden, "it must be sent from this server's own pages");
    http_reply_problem(request, &problem);
    return false;
}

void *session_own_new(struct http_request *request, size_t size)
{
    if (!session_same_origin(request))
        return NULL;
    void *own = calloc(1, size);
    if (!own)
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
    return own;
}

/* ---- how often ---- */

bool session_may_try(struct learners *learners, struct http_request *request, unsigned *wait)
{
    *wait = limiter_take(learners->attempts, http_client(request), TRIES_PER_MINUTE, clock_now_ns());
    return *wait == 0;
}

bool session_may_keep(struct learners *learners, const struct http_request *request, struct problem *problem)
{
    char who[96];
    snprintf(who, sizeof who, "keep:%s", http_client(request));
    unsigned wait = limiter_take(learners->attempts, who, KEPT_PER_MINUTE, clock_now_ns());
    if (wait == 0)
        return true;
    problem_set(problem, PROBLEM_too_many_requests, "at most %d a minute are kept from one network",
                KEPT_PER_MINUTE);
    problem->retry_after = wait;
    return false;
}
