/* api/judge: carries a grading out through an executor's client, without HTTP: for POST /api/v1/grade, for
 * the site and for the command line.
 *
 * Two linked runs, one run for both, or one run after the other for cases, as grade/grade.h says. When the
 * tests have ended the solution gets a moment to end by itself, then it is stopped.
 */
#ifndef PHIAL_API_JUDGE_H
#define PHIAL_API_JUDGE_H

#include "executor/executor.h"
#include "grade/grade.h"

struct judge;

struct judge_run {                   /* one run of a grading, when it has ended */
    const struct run_result *result; /* NULL: it counts as not run */
    const uint8_t *report;
    size_t report_size;
    uint64_t created_ns, started_ns; /* started_ns is 0 when it was not */
};
struct judge_callbacks {
    void (*run_ended)(void *context, const struct judge_run *run); /* may be NULL */
    /* Once, last. `answer` is the JSON of docs/api.md, lent; when it is NULL `err` says why nothing was
     * judged: its code is that of executor_client_run() when a later run was refused. */
    void (*ended)(void *context, const json_t *answer, const struct error *err);
};
struct judge_options {
    struct event_base *loop;
    struct executor_client *client;
    const char *who; /* whose turn it takes in the queue; copied */
    const char *id;  /* stands in the answer; copied */
};
/* `request`, which has passed grade_request_check(), is taken in any case. Errors as of
 * executor_client_run(); callbacks never come from within this call. */
int judge_start(struct judge **judge, const struct judge_options *options, struct grade_request *request,
                const struct judge_callbacks *callbacks, void *context, struct error *err);
/* Stops its runs; no callback comes any more. */
void judge_abandon(struct judge *judge);

#endif
