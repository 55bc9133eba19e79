/* The runs that are known: from the queue to the end of their keeping. */
#include "api/internal.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>

/* ---- the record ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct api_run *)a)->id, ((const struct api_run *)b)->id);
}

struct api_run *run_find(struct api *api, const char *id)
{
    struct api_run wanted;
    size_t n = strlen(id);
    if (n >= sizeof wanted.id)
        return NULL;
    memcpy(wanted.id, id, n + 1);
    struct api_run **found = tfind(&wanted, &api->runs, by_id);
    return found ? *found : NULL;
}

void run_hold(struct api_run *run)
{
    run->references++;
}

void run_release(struct api_run *run)
{
    if (--run->references > 0)
        return;
    free(run->out.data);
    free(run->err.data);
    free(run->report.data);
    free(run->events);
    free(run->answer);
    free(run);
}

/* Takes it out of the records; streams that are under way go on. */
static void run_forget(struct api_run *run)
{
    struct api *api = run->api;
    if (run->kept) {
        TAILQ_REMOVE(&api->kept, run, kept_link);
        api->kept_count--;
        api->kept_bytes -= run->kept_bytes;
        run->kept = false;
    }
    if (!run->recorded)
        return;
    run->recorded = false;
    tdelete(run, &api->runs, by_id);
    run_release(run);
}

bool bytes_add(struct bytes *b, const void *data, size_t size)
{
    if (size > b->room - b->size) {
        size_t room = b->room ? b->room : 1024;
        while (room < b->size + size)
            room *= 2;
        uint8_t *more = realloc(b->data, room);
        if (!more)
            return false;
        b->data = more;
        b->room = room;
    }
    if (size > 0)
        memcpy(b->data + b->size, data, size);
    b->size += size;
    return true;
}

/* ---- keeping ---- */

static void set_expiry(struct api *api)
{
    struct api_run *first = TAILQ_FIRST(&api->kept);
    if (!first)
        return;
    uint64_t end = first->ended_ns + api->settings->keep_answers_s * UINT64_C(1000000000),
             now = clock_now_ns();
    uint64_t left_us = end > now ? (end - now) / 1000 + 1000 : 0;
    struct timeval t = {.tv_sec = (time_t)(left_us / 1000000), .tv_usec = (suseconds_t)(left_us % 1000000)};
    event_add(api->expiry, &t);
}

void runs_expire(struct api *api)
{
    uint64_t now = clock_now_ns(), time = api->settings->keep_answers_s * UINT64_C(1000000000);
    struct api_run *run;
    while ((run = TAILQ_FIRST(&api->kept)) &&
           (now - run->ended_ns >= time || api->kept_bytes > api->settings->keep_answers_bytes))
        run_forget(run);
    set_expiry(api);
}

static void shrink(struct bytes *b)
{
    uint8_t *less = b->size > 0 ? realloc(b->data, b->size) : NULL;
    if (less) {
        b->data = less;
        b->room = b->size;
    }
}

static void run_keep(struct api_run *run)
{
    struct api *api = run->api;
    free(run->report.data);
    run->report = (struct bytes){0};
    shrink(&run->out);
    shrink(&run->err);
    run->kept_bytes = sizeof *run + run->out.room + run->err.room + run->answer_size +
                      run->event_room * sizeof *run->events;
    run->kept = true;
    TAILQ_INSERT_TAIL(&api->kept, run, kept_link);
    api->kept_count++;
    api->kept_bytes += run->kept_bytes;
    runs_expire(api);
}

/* ---- its life, as the executor tells it ---- */

static void on_queued(void *context, uint32_t place)
{
    struct api_run *run = context;
    run->place = place;
    events_queued(run, place);
}

static void on_started(void *context)
{
    struct api_run *run = context;
    run->state = STATE_RUNNING;
    run->started_ns = clock_now_ns();
    events_running(run);
}

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct api_run *run = context;
    struct bytes *to = stream == RUN_STDOUT ? &run->out : stream == RUN_STDERR ? &run->err : &run->report;
    if (!bytes_add(to, data, size)) {
        log_error("api", "run %s: out of memory; some of its output is lost", run->id);
        return;
    }
    if (stream != RUN_REPORT)
        events_output(run, false);
}

static void make_answer(struct api_run *run, const struct run_result *result)
{
    struct run_outcome outcome = {
        .result = result,
        .out = run->out.data,
        .err = run->err.data,
        .out_size = run->out.size,
        .err_size = run->err.size,
        .report = run->report.data,
        .report_size = run->report.size,
        .trace = run->trace,
        .base64 = run->base64,
    };
    memcpy(outcome.id, run->id, sizeof outcome.id);
    json_t *answer = run_answer(&outcome);
    run->answer = answer ? json_dumps(answer, RUN_ANSWER_DUMP) : NULL;
    const char *status = json_string_value(json_object_get(answer, "status"));
    if (run->answer) {
        run->answer_size = strlen(run->answer);
        audit_run(run, status, result);
    } else {
        problem_set(&run->problem, PROBLEM_internal, "out of memory; the run counts as not run");
        audit_run(run, "not_run", NULL);
    }
    json_decref(answer);
}

void run_lost(const char *id, const struct error *err, struct problem *problem)
{
    bool away = err->code == ECONNRESET || err->code == ENOTCONN;
    if (away) {
        problem_set(problem, PROBLEM_sandbox_restarted, "the run counts as not run; try again");
        problem->retry_after = 1;
    } else {
        log_error("api", "run %s: %s", id, err->text);
        problem_set(problem, PROBLEM_internal, "the sandbox failed; the run counts as not run");
    }
}

static void count_status(struct api_run *run, unsigned status)
{
    run->api->metrics.runs[run->language - run->api->languages->items][status]++;
}

unsigned run_counted_status(const struct run_result *result, const uint8_t *report_data, size_t size)
{
    struct report report;
    if (report_parse(&report, report_data, size) < 0)
        return result->status;
    unsigned status = run_final_status(result, &report);
    report_free(&report);
    return status;
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct api_run *run = context;
    run->ticket = NULL;
    run->state = STATE_ENDED;
    run->ended_ns = clock_now_ns();
    if (result) {
        metrics_run(&run->api->metrics, run->created_ns, run->started_ns, result);
        make_answer(run, result);
    } else {
        run_lost(run->id, err, &run->problem);
        audit_run(run, "not_run", NULL);
    }
    run->failed = !run->answer;
    count_status(run, result && !run->failed ? run_counted_status(result, run->report.data, run->report.size)
                                             : COUNT_NOT_RUN);
    run_hold(run);
    events_ended(run);
    if (run->done)
        run->done(run->done_context, run->answer, run->answer_size, run->failed ? &run->problem : NULL);
    run->done = NULL;
    run_keep(run);
    run_release(run);
}

/* ---- its beginning ---- */

/* The client of a run that is waited for has left. */
static void on_gone(void *context)
{
    struct api_run *run = context;
    if (!run->ticket)
        return;
    ticket_abandon(run->ticket);
    run->ticket = NULL;
    run->state = STATE_ENDED;
    run->ended_ns = clock_now_ns();
    run->failed = true;
    problem_set(&run->problem, PROBLEM_not_found, "its client went away; it was stopped");
    count_status(run, COUNT_ABANDONED);
    audit_run(run, "abandoned", NULL);
    events_ended(run);
    if (run->done)
        run->done(run->done_context, NULL, 0, NULL);
    run_forget(run);
}

int run_refused(struct api *api, const struct error *err, struct problem *problem)
{
    api->metrics.refused++;
    switch (err->code) {
    case ESHUTDOWN:
        problem_set(problem, PROBLEM_draining, "it takes no new runs");
        break;
    case ENOTCONN:
        problem_set(problem, PROBLEM_sandbox_away, "nothing was started; try again");
        break;
    case EAGAIN:
        if (executor_client_stats(api->executor).queued >= api->settings->queue_most)
            problem_set(problem, PROBLEM_queue_full, "too many runs wait already; nothing was started");
        else
            problem_set(problem, PROBLEM_too_many_runs,
                        "too many runs of yours wait already; nothing was started");
        break;
    default:
        log_error("api", "%s", err->text);
        return problem_set(problem, PROBLEM_internal, "nothing was started");
    }
    problem->retry_after = err->code == ESHUTDOWN ? 5 : 1;
    return -1;
}

static struct api_run *run_new(struct api *api, struct http_request *request, const struct parsed_run *parsed)
{
    struct api_run *run = calloc(1, sizeof *run);
    if (!run)
        return NULL;
    run->api = api;
    memcpy(run->id, "r_", 2);
    random_hex(16, run->id + 2);
    snprintf(run->client, sizeof run->client, "%s", http_client(request));
    run->has_key = http_has_key(request);
    run->language = parsed->language;
    memcpy(run->source_hash, parsed->source_hash, sizeof run->source_hash);
    run->source_size = parsed->source_size;
    run->base64 = parsed->base64;
    run->trace = parsed->request.trace;
    run->interactive = parsed->request.interactive;
    run->created_ns = clock_now_ns();
    run->references = 1;
    TAILQ_INIT(&run->streams);
    if (!tsearch(run, &api->runs, by_id)) {
        free(run);
        return NULL;
    }
    run->recorded = true;
    return run;
}

int api_run_start(struct api *api, struct http_request *request, struct parsed_run *parsed,
                  api_run_done *done, void *context, struct api_run **out, struct problem *problem)
{
    static const struct ticket_callbacks callbacks = {on_queued, on_started, on_output, on_ended};
    struct error err = {0};
    struct api_run *run = run_new(api, request, parsed);
    int r = run ? executor_client_run(api->executor, *parsed->line ? parsed->line : run->client,
                                      &parsed->request, &callbacks, run, &run->ticket, &err)
                : error_set(&err, ENOMEM, "start a run: %m");
    parsed_run_free(parsed);
    if (r < 0) {
        if (run)
            run_forget(run);
        return run_refused(api, &err, problem);
    }
    run->done = done;
    run->done_context = context;
    if (done)
        http_on_gone(request, on_gone, run);
    *out = run;
    return 0;
}

void runs_free(struct api *api)
{
    while (api->runs) {
        struct api_run *run = *(struct api_run **)api->runs;
        if (run->ticket)
            ticket_abandon(run->ticket);
        run->ticket = NULL;
        run_forget(run);
    }
}
