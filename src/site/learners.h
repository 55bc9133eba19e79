/* site/learners: who reads and practises here, and what they did.
 *
 * A browser is known by the cookie phial_learner, 128 random bits; the store has only its hash, and a row
 * only once something was sent. With an account the same learner is known in several browsers: signing up
 * gives the learner of this browser a name, signing in joins what this browser's learner did to the
 * account's. Each of both, and signing out, changes the cookie, so that one which somebody else has seen or
 * planted is worth nothing. Passwords are hashed (argon2id) by a thread of its own, which has a bounded
 * queue; attempts have a rate for each address and each name.
 *
 * Files: session.c (the cookie), learners.c (the parts, accounts), learners_data.c (export, deletion),
 * tries.c (what was tried, hints, when the solution may be seen). The pages are others'; here are the
 * functions that they call and the routes that send JSON or lead back to a page.
 */
#ifndef PHIAL_SITE_LEARNERS_H
#define PHIAL_SITE_LEARNERS_H

#include "http/http.h"
#include "site/course.h"
#include "store/store.h"

struct site;
struct learners;

/* To be called while the process may still make threads. */
int learners_new(struct learners **learners, const struct settings *settings, struct store *store,
                 struct error *err);
void learners_free(struct learners *learners);
/* POST /account/sign-up, sign-in, sign-out, delete; GET /account/export, /site/exercise, /site/solution;
 * POST /site/hint. */
int learners_routes(struct site *site, struct http_server *server);

/* ---- a visit (session.c) ---- */

struct session {
    struct store_token token;
    struct store_learner learner; /* id 0: nothing was sent yet; name "" without an account */
    char key[16];                 /* tells browsers apart, for budgets; is no secret */
    bool teacher;                 /* may see everybody's figures */
};
/* Reads the cookie; makes one, and puts it into the reply, when there is none. */
void session_open(struct learners *learners, struct http_request *request, struct session *session);
/* False when the request may come from another site's page: then it has been answered. For all that POSTs. */
bool session_same_origin(struct http_request *request);
/* `size` zeroed bytes for what such a request begins, which the caller frees. NULL: it has been answered. */
void *session_own_new(struct http_request *request, size_t size);
/* What anybody may have kept without a run behind it (a shared program, the first hint of a new learner) has
 * a rate for each address, so that nobody can fill the disk. False: *problem says so. */
bool session_may_keep(struct learners *learners, const struct http_request *request, struct problem *problem);

/* ---- tries and hints (tries.c) ---- */

/* Keeps a try. `done` is called when it is on the disk: answer the learner then, and not before. What it
 * returns is as in store.h. */
int learners_add_try(struct learners *learners, const struct session *session,
                     const struct course_exercise *exercise, const struct store_try *try, store_done *done,
                     void *context);
/* Takes the next hint; `done` gets its number, from 1. -EAGAIN too when the address has too many new
 * learners. */
int learners_add_hint(struct learners *learners, const struct http_request *request,
                      const struct session *session, const struct course_exercise *exercise, store_done *done,
                      void *context);
/* Passed, or three honest tries (none like the stub or like another, white space aside), or all hints and one
 * try. */
bool learners_solution_open(struct learners *learners, const struct session *session,
                            const struct course_exercise *exercise);
/* What the learner wrote last, fresh memory; NULL when there was no try. */
char *learners_last_code(struct learners *learners, const struct session *session, const char *exercise,
                         size_t *size);
/* The answer of GET /site/exercise. */
json_t *learners_exercise_json(struct learners *learners, const struct session *session,
                               const struct course_exercise *exercise);

#endif
