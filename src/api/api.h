/* api: /api/v1 as docs/api.md describes it (runs, languages, health, metrics), and the runs it knows of.
 *
 * A run is recorded from the moment it is queued until its answer has been kept for as long as the settings
 * say: its output, the events that streams replay, its answer. Whoever asks for a run that has a key must
 * show the same key; else the id, 128 random bits, is the right to see it. A grading is answered to the one
 * who waits for it and not kept. This room may touch: the executor through its client, the audit log through
 * its descriptor, requests of the http room.
 */
#ifndef PHIAL_API_API_H
#define PHIAL_API_API_H

#include "api/grade_parse.h"
#include "api/parse.h"
#include "executor/executor.h"
#include "http/http.h"
#include "store/store.h"

struct api;

struct api_options {
    struct event_base *loop;
    const struct settings *settings;
    const struct languages *languages;
    struct executor_client *executor;
    const struct http_server *server; /* for its figures */
    struct store *store;              /* for readiness and figures; NULL for none */
    int audit;                        /* where the audit lines go; taken */
    int memory;                       /* /proc/self/statm, or -1; taken */
};
int api_new(struct api **api, const struct api_options *options);
/* Puts the routes of /api/v1 and of the operator's pages into the server. */
int api_routes(struct api *api, struct http_server *server);
/* From now on it says that it is not ready; the executor's client refuses new runs by itself. */
void api_drain(struct api *api);
void api_free(struct api *api);

/* ---- one run (runs.c) ---- */

struct api_run;
/* Called once, when the run has ended. `answer` is the JSON of docs/api.md, or NULL: then `problem` says why
 * the run counts as not run. */
typedef void api_run_done(void *context, const char *answer, size_t size, const struct problem *problem);
/* Queues a run for the one who calls; `parsed` is taken. With `done`, the run is stopped when the request's
 * client goes away; `context` gets the request then. On a refusal nothing was started, and *problem says why.
 */
int api_run_start(struct api *api, struct http_request *request, struct parsed_run *parsed,
                  api_run_done *done, void *context, struct api_run **run, struct problem *problem);

/* ---- one grading (grade.c) ---- */

/* Who knows the exercises that POST /api/v1/grade may name; nobody until this is called. */
void api_set_exercises(struct api *api, api_exercise_lookup *lookup, void *context);
/* Called once, when the grading has ended. `answer` is the JSON of docs/api.md, lent, or NULL: then `problem`
 * says why nothing was judged; both are NULL when the client has left, and the request with it. */
typedef void api_grade_done(void *context, const json_t *answer, const struct problem *problem);
/* Queues a grading for the one who calls; it is stopped when the request's client goes away. `grade` is taken
 * in any case; `line` is where it waits in the fair queue, NULL for the line of the client that calls. On a
 * refusal
 * (-1) nothing was started, `done` is not called, and *problem says why: also when the request is not valid.
 */
int api_grade_start(struct api *api, struct http_request *request, struct grade_request *grade,
                    const char *line, api_grade_done *done, void *context, struct problem *problem);

#endif
