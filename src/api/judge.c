#include "api/judge.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>

enum {
    END_MS = 200, /* for a solution to end by itself once the tests have */
    TESTS_ERRORS_MOST = 4096,
};

struct side { /* one run, as it is told of */
    struct judge *judge;
    struct ticket *ticket; /* NULL when it has ended or there is none */
    struct packer out, err, report;
    struct run_result result;
    uint64_t created_ns, started_ns;
    bool ended;
};

struct judge {
    struct judge_options options;
    char who[80], id[40], run_id[40];
    struct grade_request request;
    struct grade_results results;
    struct judge_callbacks callbacks;
    void *context;
    struct side solution, tests; /* `solution` is also the run for both, and that of a case */
    struct event *patience;
    size_t next_case;
    uint64_t spent_us;
    struct side shown; /* what the run of the case looked like that stands in the answer; `ended` when there
                          is one */
};

static void side_clear(struct side *side)
{
    packer_free(&side->out);
    packer_free(&side->err);
    packer_free(&side->report);
    *side = (struct side){.judge = side->judge};
}

static void judge_free(struct judge *j)
{
    if (j->patience)
        event_free(j->patience);
    side_clear(&j->solution);
    side_clear(&j->tests);
    side_clear(&j->shown);
    grade_results_free(&j->results);
    grade_request_free(&j->request);
    free(j);
}

static void side_abandon(struct side *side)
{
    if (side->ticket)
        ticket_abandon(side->ticket);
    side->ticket = NULL;
}

void judge_abandon(struct judge *j)
{
    side_abandon(&j->solution);
    side_abandon(&j->tests);
    judge_free(j);
}

/* ---- the end ---- */

static struct run_outcome outcome_of(const struct judge *j, const struct side *side)
{
    struct run_outcome outcome = {
        .result = &side->result,
        .out = side->out.data,
        .out_size = side->out.size,
        .err = side->err.data,
        .err_size = side->err.size,
        .report = side->report.data,
        .report_size = side->report.size,
    };
    memcpy(outcome.id, j->run_id, sizeof outcome.id);
    return outcome;
}

static void fail(struct judge *j, const struct error *err)
{
    side_abandon(&j->solution);
    side_abandon(&j->tests);
    j->callbacks.ended(j->context, NULL, err);
    judge_free(j);
}

static void finish(struct judge *j)
{
    const struct side *side = j->results.judged == GRADE_OUTPUT ? &j->shown : &j->solution;
    struct run_outcome outcome = outcome_of(j, side);
    struct grade_ending ending = {
        .solution = side->ended ? &outcome : NULL,
        .tests = j->tests.ended ? &j->tests.result : NULL,
        .tests_errors = j->tests.err.data,
        .tests_errors_size = j->tests.err.size,
    };
    struct error err = {0};
    json_t *answer = grade_answer(&j->results, &ending, j->id);
    if (!answer)
        error_set(&err, ENOMEM, "make the answer: %m");
    j->callbacks.ended(j->context, answer, answer ? NULL : &err);
    json_decref(answer);
    judge_free(j);
}

/* ---- the runs ---- */

static int start_together(struct judge *j, struct error *err);
static int start_case(struct judge *j, struct error *err);

static void on_patience(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct judge *j = context;
    if (j->solution.ticket)
        ticket_cancel(j->solution.ticket);
}

static void after_tests(struct judge *j)
{
    struct error err = {0};
    if (j->results.together && !j->request.apart_only) {
        side_abandon(&j->solution);
        if (start_together(j, &err) < 0)
            fail(j, &err);
    } else if (j->solution.ended) {
        finish(j);
    } else {
        event_add(j->patience, &(struct timeval){.tv_usec = END_MS * 1000});
    }
}

/* The first visible case that did not pass is shown, else the first visible one. */
static void show_case(struct judge *j, size_t index)
{
    const struct grade_test *tests = j->results.tests;
    bool shows_failure = false;
    if (!tests || tests[index].hidden)
        return;
    for (size_t i = 0; i < index; i++)
        shows_failure |= !tests[i].hidden && tests[i].status != GRADE_STATUS_pass;
    if (shows_failure || (j->shown.ended && tests[index].status == GRADE_STATUS_pass))
        return;
    side_clear(&j->shown);
    j->shown = j->solution;
    j->solution = (struct side){.judge = j};
}

static void after_case(struct judge *j)
{
    struct error err = {0};
    size_t index = j->next_case++;
    struct run_outcome outcome = outcome_of(j, &j->solution);
    j->spent_us += j->solution.result.wall_us;
    if (grade_case_done(&j->results, index, &outcome) < 0) {
        error_set(&err, ENOMEM, "judge a case: %m");
        fail(j, &err);
        return;
    }
    show_case(j, index);
    if (j->next_case == j->request.case_count || j->results.compile_error)
        finish(j);
    else if (start_case(j, &err) < 0)
        fail(j, &err);
}

static void after_run(struct judge *j)
{
    switch (j->results.judged) {
    case GRADE_APART:
        if (j->tests.ended)
            after_tests(j);
        break;
    case GRADE_TOGETHER:
        finish(j);
        break;
    case GRADE_OUTPUT:
        after_case(j);
        break;
    }
}

static void on_started(void *context)
{
    struct side *side = context;
    side->started_ns = clock_now_ns();
}

/* Where a run of both tells what came of the tests. */
static enum run_stream results_stream(const struct judge *j)
{
    return j->request.language->harness ? RUN_REPORT : RUN_STDOUT;
}

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct side *side = context;
    struct judge *j = side->judge;
    if (j->results.judged == GRADE_TOGETHER && stream == results_stream(j)) {
        if (stream == RUN_STDOUT) {
            grade_results_feed_marked(&j->results, data, size);
            return;
        }
        grade_results_feed_report(&j->results, data, size);
    }
    if (side == &j->tests) {
        size_t room = TESTS_ERRORS_MOST - side->err.size;
        if (stream == RUN_STDOUT)
            grade_results_feed(&j->results, data, size);
        else if (stream == RUN_STDERR)
            pack_raw(&side->err, data, size < room ? size : room);
        return;
    }
    pack_raw(stream == RUN_STDOUT   ? &side->out
             : stream == RUN_STDERR ? &side->err
                                    : &side->report,
             data, size);
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct side *side = context;
    struct judge *j = side->judge;
    struct error lost = {0};
    side->ticket = NULL;
    if (j->callbacks.run_ended)
        j->callbacks.run_ended(j->context, &(struct judge_run){.result = result,
                                                               .report = side->report.data,
                                                               .report_size = side->report.size,
                                                               .created_ns = side->created_ns,
                                                               .started_ns = side->started_ns});
    if (!result) {
        fail(j, err);
    } else if (side->out.failed || side->err.failed || side->report.failed) {
        error_set(&lost, ENOMEM, "keep what a run wrote: %m");
        fail(j, &lost);
    } else {
        side->ended = true;
        side->result = *result;
        after_run(j);
    }
}

static const struct ticket_callbacks ticket_callbacks = {
    .started = on_started, .output = on_output, .ended = on_ended};

static void side_begin(struct side *side, struct judge *j)
{
    side->judge = j;
    side_clear(side);
    side->created_ns = clock_now_ns();
}

static int start_pair(struct judge *j, struct error *err)
{
    struct run_request solution, tests = {0};
    struct ticket *tickets[2] = {NULL, NULL};
    side_begin(&j->solution, j);
    side_begin(&j->tests, j);
    int e = grade_run_make(&solution, &j->request, GRADE_ROLE_SOLUTION, 0, 0);
    if (e == 0)
        e = grade_run_make(&tests, &j->request, GRADE_ROLE_TESTS, 0, 0);
    if (e < 0)
        error_set(err, -e, "make the runs: %m");
    const struct pair_half halves[2] = {{&solution, &ticket_callbacks, &j->solution},
                                        {&tests, &ticket_callbacks, &j->tests}};
    if (e == 0)
        e = executor_client_run_pair(j->options.client, j->who, halves, tickets, err);
    run_request_free(&solution);
    run_request_free(&tests);
    if (e < 0)
        return e;
    j->solution.ticket = tickets[0];
    j->tests.ticket = tickets[1];
    return 0;
}

static int start_one(struct judge *j, enum grade_role role, struct error *err)
{
    struct run_request request;
    side_begin(&j->solution, j);
    int e = grade_run_make(&request, &j->request, role, j->next_case, (j->spent_us + 999) / 1000);
    if (e < 0)
        return error_set(err, -e, "make the run: %m");
    e = executor_client_run(j->options.client, j->who, &request, &ticket_callbacks, &j->solution,
                            &j->solution.ticket, err);
    run_request_free(&request);
    return e;
}

static int start_together(struct judge *j, struct error *err)
{
    grade_results_free(&j->results);
    grade_results_begin(&j->results, &j->request, GRADE_TOGETHER);
    side_begin(&j->tests, j);
    return start_one(j, GRADE_ROLE_TOGETHER, err);
}

/* Cases for which no time is left are not run. */
static int start_case(struct judge *j, struct error *err)
{
    int e = start_one(j, GRADE_ROLE_CASE, err);
    if (e != -ETIME)
        return e;
    for (e = 0; e == 0 && j->next_case < j->request.case_count; j->next_case++)
        e = grade_case_done(&j->results, j->next_case, NULL);
    if (e < 0)
        return error_set(err, -e, "judge a case: %m");
    finish(j);
    return 0;
}

static int start(struct judge *j, struct error *err)
{
    enum grade_judged judged = grade_plan(&j->request);
    j->patience = evtimer_new(j->options.loop, on_patience, j);
    if (!j->patience)
        return error_set(err, ENOMEM, "start a grading: %m");
    grade_results_begin(&j->results, &j->request, judged);
    return judged == GRADE_APART      ? start_pair(j, err)
           : judged == GRADE_TOGETHER ? start_one(j, GRADE_ROLE_TOGETHER, err)
                                      : start_case(j, err);
}

int judge_start(struct judge **out, const struct judge_options *options, struct grade_request *request,
                const struct judge_callbacks *callbacks, void *context, struct error *err)
{
    struct judge *j = calloc(1, sizeof *j);
    if (!j) {
        grade_request_free(request);
        return error_set(err, ENOMEM, "start a grading: %m");
    }
    j->request = *request;
    *request = (struct grade_request){0};
    j->options = *options;
    j->callbacks = *callbacks;
    j->context = context;
    snprintf(j->who, sizeof j->who, "%s", options->who);
    snprintf(j->id, sizeof j->id, "%s", options->id);
    random_hex(16, j->request.mark);
    memcpy(j->run_id, "r_", 2);
    random_hex(16, j->run_id + 2);
    int e = start(j, err);
    if (e < 0)
        judge_free(j);
    else
        *out = j;
    return e;
}
