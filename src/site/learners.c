/* Accounts: signing up, in and out. A password is hashed by a thread; its request waits for that and then for
 * the store. */
#include "site/learners_parts.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>

enum {
    NAME_LEAST = 2,
    PASSWORD_LEAST = 8,
    PASSWORD_MOST = 256, /* bytes */
    FORM_BYTES_MOST = 4096,
    NEXT_MOST = 255,
    HASHES_WAITING = 32, /* each takes some 50 ms */
    NAME_TRIES_PER_MINUTE = 10,
};

/* What somebody wants to do with a password, until it is answered. */
struct attempt {
    struct job job;
    struct site *site;
    struct http_request *request; /* NULL once the client has left */
    struct session session;
    enum { SIGN_UP, SIGN_IN, DELETE } wish;
    struct store_learner account; /* the one whose name was given */
    struct store_token fresh;
    char cookie[SESSION_TEXT]; /* of `fresh`; "" when the browser is to forget its own */
    char name[STORE_NAME_MOST + 1], password[PASSWORD_MOST + 1], hash[STORE_PASSWORD_SIZE];
    char next[NEXT_MOST + 1];
    bool good; /* the hash was made, or fits the password */
};

static void attempt_free(struct attempt *a)
{
    sodium_memzero(a, sizeof *a);
    free(a);
}

/* ---- answers ---- */

static void refuse(struct attempt *a, int status, const char *message)
{
    if (a->request)
        page_account(a->site, a->request, &a->session, status, message);
    attempt_free(a);
}

static const char taken[] = "That name is taken: choose another.";
static const char later[] = "This cannot be kept at the moment. Please try again in a minute.";

/* Only now: a browser that was refused stays who it was. */
static void agree(struct attempt *a)
{
    if (*a->cookie)
        session_keep(a->request, a->cookie);
    else
        session_drop(a->request);
    http_reply_see_other(a->request, a->next);
}

static void on_written(void *context, int64_t result)
{
    struct attempt *a = context;
    if (result == -EEXIST) {
        refuse(a, 409, taken);
    } else if (result < 0) {
        refuse(a, 503, later);
    } else {
        if (a->request)
            agree(a);
        attempt_free(a);
    }
}

static void on_gone(void *context)
{
    ((struct attempt *)context)->request = NULL;
}

/* ---- passwords: the thread ---- */

static void hash_one(struct attempt *a)
{
    size_t size = strlen(a->password);
    if (a->wish == SIGN_UP)
        a->good = crypto_pwhash_argon2id_str(a->hash, a->password, size,
                                             crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                             crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) == 0;
    else
        a->good = crypto_pwhash_argon2id_str_verify(a->hash, a->password, size) == 0;
    sodium_memzero(a->password, sizeof a->password);
}

static void run_hashes(void *context, struct job_list *jobs)
{
    (void)context;
    struct job *job;
    STAILQ_FOREACH(job, jobs, link)
    {
        hash_one((struct attempt *)job);
    }
}

/* ---- passwords: the loop ---- */

static void sign_up(struct attempt *a)
{
    if (!a->good) {
        refuse(a, 503, later);
        return;
    }
    session_new(a->cookie, &a->fresh);
    int r = store_sign_up(a->site->store, &a->session.token, &a->fresh, a->name, a->hash, on_written, a);
    if (r < 0)
        refuse(a, 503, later);
}

static void sign_in(struct attempt *a)
{
    if (!a->good || !a->account.id) {
        refuse(a, 401, "There is no such name with this password.");
        return;
    }
    session_new(a->cookie, &a->fresh);
    int r = store_sign_in(a->site->store, &a->session.token, &a->fresh, a->account.id, on_written, a);
    if (r < 0)
        refuse(a, 503, later);
}

static void forget(struct attempt *a)
{
    if (!a->good) {
        refuse(a, 401, "This is not your password: nothing was deleted.");
        return;
    }
    int r = store_forget(a->site->store, a->session.learner.id, on_written, a);
    if (r < 0)
        refuse(a, 503, later);
}

static void on_hashed(struct job *job)
{
    struct attempt *a = (struct attempt *)job;
    if (!a->request) {
        attempt_free(a);
        return;
    }
    switch (a->wish) {
    case SIGN_UP:
        sign_up(a);
        return;
    case SIGN_IN:
        sign_in(a);
        return;
    case DELETE:
        forget(a);
    }
}

static void hash_and_go_on(struct attempt *a)
{
    a->job.done = on_hashed;
    if (worker_add(a->site->learners->hasher, &a->job) < 0) {
        refuse(a, 503, "Many people are signing in. Please try again in a moment.");
        return;
    }
    http_on_gone(a->request, on_gone, a);
}

/* ---- what comes in ---- */

static bool name_good(const char *name)
{
    size_t n = strlen(name);
    return n >= NAME_LEAST && n <= STORE_NAME_MOST && isalnum((unsigned char)name[0]) &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

/* A place of this site, so that nobody can be led elsewhere by a form. */
static bool next_good(const char *next)
{
    return next && *next == '/' && next[1] != '/' && strlen(next) <= NEXT_MOST && !strchr(next, '\\') &&
           strspn(next, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/#?=&%") ==
               strlen(next);
}

static void copy_field(struct http_request *request, const char *name, char *to, size_t room)
{
    size_t size = 0;
    char *text = site_field(request, name, &size);
    snprintf(to, room, "%s", text && size < room ? text : "");
    if (text)
        sodium_memzero(text, size);
    free(text);
}

/* NULL: it has been answered. */
static struct attempt *attempt_new(struct site *site, struct http_request *request, int wish)
{
    unsigned wait;
    char text[80];
    struct attempt *a = session_own_new(request, sizeof *a);
    if (!a)
        return NULL;
    a->site = site;
    a->request = request;
    a->wish = wish;
    session_open(site->learners, request, &a->session);
    copy_field(request, "name", a->name, sizeof a->name);
    copy_field(request, "password", a->password, sizeof a->password);
    copy_field(request, "next", a->next, sizeof a->next);
    http_forget_body(request);
    if (!next_good(a->next))
        memcpy(a->next, "/account", sizeof "/account");
    if (session_may_try(site->learners, request, &wait))
        return a;
    snprintf(text, sizeof text, "%u", wait);
    http_add_header(request, "Retry-After", text);
    refuse(a, 429, "Too many attempts from your network. Please wait a minute.");
    return NULL;
}

/* Guesses at one name's password, from wherever they come. */
static bool name_may_be_tried(struct attempt *a)
{
    char who[STORE_NAME_MOST + 8] = "name:";
    for (size_t i = 0; a->name[i]; i++)
        who[5 + i] = (char)tolower((unsigned char)a->name[i]);
    return limiter_take(a->site->learners->attempts, who, NAME_TRIES_PER_MINUTE, clock_now_ns()) == 0;
}

static void post_sign_up(struct http_request *request, void *site)
{
    struct attempt *a = attempt_new(site, request, SIGN_UP);
    char password[STORE_PASSWORD_SIZE];
    if (!a)
        return;
    if (*a->session.learner.name)
        refuse(a, 409, "You are signed in already: sign out first.");
    else if (!name_good(a->name))
        refuse(a, 400, "A name has 2 to 32 letters (a to z), digits, dots, hyphens and underscores.");
    else if (strlen(a->password) < PASSWORD_LEAST)
        refuse(a, 400, "A password has at least 8 characters and at most 256.");
    else if (http_list_has(a->site->settings->teachers,
                           a->name) || /* whoever is first would be the teacher */
             store_account(a->site->store, a->name, &a->account, password) == 0)
        refuse(a, 409, taken);
    else
        hash_and_go_on(a);
}

static void post_sign_in(struct http_request *request, void *site)
{
    struct attempt *a = attempt_new(site, request, SIGN_IN);
    if (!a)
        return;
    int r = store_account(a->site->store, a->name, &a->account, a->hash);
    if (r == -ENOENT)
        memcpy(a->hash, a->site->learners->nobody, sizeof a->hash);
    if (r < 0 && r != -ENOENT)
        refuse(a, 503, later);
    else if (!name_may_be_tried(a))
        refuse(a, 429, "Too many attempts with this name. Please wait a minute.");
    else
        hash_and_go_on(a);
}

static void post_sign_out(struct http_request *request, void *site)
{
    struct attempt *a = attempt_new(site, request, SIGN_IN);
    if (!a)
        return;
    if (store_sign_out(a->site->store, &a->session.token, on_written, a) < 0)
        refuse(a, 503, later);
    else
        http_on_gone(request, on_gone, a);
}

/* Without an account the cookie alone is the right to it. */
static void post_delete(struct http_request *request, void *site)
{
    struct attempt *a = attempt_new(site, request, DELETE);
    if (!a)
        return;
    memcpy(a->next, "/", sizeof "/");
    memcpy(a->name, a->session.learner.name, sizeof a->name);
    a->good = true;
    if (!*a->name) {
        http_on_gone(request, on_gone, a);
        forget(a);
    } else if (store_account(a->site->store, a->name, &a->account, a->hash) < 0) {
        refuse(a, 503, later);
    } else if (!name_may_be_tried(a)) {
        refuse(a, 429, "Too many attempts with this name. Please wait a minute.");
    } else {
        hash_and_go_on(a);
    }
}

/* ---- the parts ---- */

static const struct http_route routes[] = {
    {"POST", "/account/sign-up", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true,
     .handler = post_sign_up},
    {"POST", "/account/sign-in", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true,
     .handler = post_sign_in},
    {"POST", "/account/sign-out", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true,
     .handler = post_sign_out},
    {"POST", "/account/delete", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true,
     .handler = post_delete},
    {"GET", "/account/export", HTTP_BODY_NONE, .guest = true, .handler = data_export},
    {"GET", "/site/exercise", HTTP_BODY_NONE, .guest = true, .handler = tries_exercise},
    {"GET", "/site/solution", HTTP_BODY_NONE, .guest = true, .handler = tries_solution},
    {"POST", "/site/hint", HTTP_BODY_JSON, .body_most = FORM_BYTES_MOST, .guest = true,
     .handler = tries_hint},
};

int learners_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}

int learners_new(struct learners **out, const struct settings *settings, struct store *store,
                 struct error *err)
{
    struct learners *l = calloc(1, sizeof *l);
    char nothing[33];
    random_hex(16, nothing);
    if (!l || sodium_init() < 0 || limiter_new(&l->attempts) < 0 ||
        crypto_pwhash_argon2id_str(l->nobody, nothing, strlen(nothing),
                                   crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) != 0) {
        learners_free(l);
        return error_set(err, ENOMEM, "prepare for learners: %m");
    }
    l->settings = settings;
    l->store = store;
    int r = worker_start(&l->hasher,
                         &(struct worker_options){
                             .loop = store_loop(store), .waiting_most = HASHES_WAITING, .run = run_hashes},
                         err);
    if (r < 0)
        learners_free(l);
    else
        *out = l;
    return r;
}

void learners_free(struct learners *l)
{
    if (!l)
        return;
    worker_stop(l->hasher);
    limiter_free(l->attempts);
    free(l);
}
