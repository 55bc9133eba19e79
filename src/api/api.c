/* The routes of /api/v1/runs. */
#include "api/internal.h"

#include <errno.h>
#include <stdio.h>

enum {
    INPUT_BYTES_MOST = 256 << 10
}; /* what the executor's client holds for a program that has not read yet */

/* ---- POST /api/v1/runs ---- */

static void reply_ended(void *context, const char *answer, size_t size, const struct problem *problem)
{
    struct http_request *request = context;
    if (problem)
        http_reply_problem(request, problem);
    else if (answer)
        http_reply_text(request, 200, "application/json", answer, size);
}

static json_t *state_json(const struct api_run *run)
{
    json_t *state =
        json_pack("{s:s,s:s}", "id", run->id, "status", run->state == STATE_RUNNING ? "running" : "queued");
    if (state && run->state == STATE_QUEUED && run->place > 0)
        json_object_set_new(state, "place", json_integer(run->place));
    return state;
}

static void reply_accepted(struct http_request *request, const struct api_run *run)
{
    char location[80];
    snprintf(location, sizeof location, "/api/v1/runs/%s", run->id);
    http_add_header(request, "Location", location);
    http_add_header(request, "Preference-Applied", "respond-async");
    http_reply_json(request, 202, state_json(run));
}

static void post_run(struct http_request *request, void *context)
{
    struct api *api = context;
    struct parsed_run parsed;
    struct problem problem;
    struct api_run *run = NULL;
    size_t size;
    const char *body = http_body(request, &size);
    bool async = http_list_has(http_header(request, "prefer"), "respond-async");
    int r = parse_run(&parsed, body, size, api->languages, &problem);
    http_forget_body(request);
    if (r == 0 && parsed.request.interactive && !async)
        r = problem_at(&problem, PROBLEM_invalid_request, "/interactive",
                       "who waits for the answer cannot send input; ask with 'Prefer: respond-async'");
    if (r == 0)
        r = api_run_start(api, request, &parsed, async ? NULL : reply_ended, request, &run, &problem);
    parsed_run_free(&parsed);
    if (r < 0)
        http_reply_problem(request, &problem);
    else if (async && run)
        reply_accepted(request, run);
}

/* ---- /api/v1/runs/ID ---- */

/* The run that the address names, if the caller may see it; else the request has been answered. */
static struct api_run *wanted_run(struct api *api, struct http_request *request)
{
    struct api_run *run = run_find(api, http_parameter(request, 0));
    struct problem problem;
    if (run && (!run->has_key || !strcmp(run->client, http_client(request))))
        return run;
    problem_set(&problem, PROBLEM_not_found, "no run with this id is known; answers are kept for %llu s",
                (unsigned long long)api->settings->keep_answers_s);
    http_reply_problem(request, &problem);
    return NULL;
}

static void get_run(struct http_request *request, void *api)
{
    const struct api_run *run = wanted_run(api, request);
    if (!run)
        return;
    if (run->state != STATE_ENDED)
        http_reply_json(request, 200, state_json(run));
    else
        reply_ended(request, run->answer, run->answer_size, run->failed ? &run->problem : NULL);
}

static void delete_run(struct http_request *request, void *api)
{
    struct api_run *run = wanted_run(api, request);
    if (!run)
        return;
    if (run->ticket)
        ticket_cancel(run->ticket);
    http_reply_text(request, 204, NULL, "", 0);
}

static void get_events(struct http_request *request, void *api)
{
    struct api_run *run = wanted_run(api, request);
    if (run)
        events_stream(run, request);
}

static int send_input(struct api_run *run, struct http_request *request, struct problem *problem)
{
    char text[256];
    size_t size;
    const char *body = http_body(request, &size), *eof = http_query(request, "eof", text);
    if (!run->interactive)
        return problem_set(problem, PROBLEM_not_interactive,
                           "it was not asked for with \"interactive\": true");
    if (!run->ticket)
        return problem_set(problem, PROBLEM_run_ended, "nobody reads any more");
    switch (ticket_stdin(run->ticket, body, size, eof && strcmp(eof, "0") != 0)) {
    case 0:
        return 0;
    case -EAGAIN:
        problem_set(problem, PROBLEM_input_full, "nothing was taken; send it again in a moment");
        problem->retry_after = 1;
        return -1;
    case -EPIPE:
        return problem_set(problem, PROBLEM_run_ended, "the input has been closed");
    default:
        return problem_set(problem, PROBLEM_internal, "the input was not taken");
    }
}

static void post_stdin(struct http_request *request, void *api)
{
    struct api_run *run = wanted_run(api, request);
    struct problem problem;
    if (!run)
        return;
    if (send_input(run, request, &problem) < 0)
        http_reply_problem(request, &problem);
    else
        http_reply_text(request, 204, NULL, "", 0);
}

/* ---- the room ---- */

static const struct http_route routes[] = {
    {"POST", "/api/v1/runs", HTTP_BODY_JSON, .guest = true, .handler = post_run},
    {"GET", "/api/v1/runs/{}", HTTP_BODY_NONE, .guest = true, .handler = get_run},
    {"DELETE", "/api/v1/runs/{}", HTTP_BODY_NONE, .guest = true, .handler = delete_run},
    {"GET", "/api/v1/runs/{}/events", HTTP_BODY_NONE, .guest = true, .handler = get_events},
    {"POST", "/api/v1/runs/{}/stdin", HTTP_BODY_RAW, .guest = true, .body_most = INPUT_BYTES_MOST,
     .handler = post_stdin},
    {"GET", "/api/v1/languages", HTTP_BODY_NONE, .guest = true, .handler = api_languages},
    {"POST", "/api/v1/grade", HTTP_BODY_JSON, .handler = api_post_grade},
    {"GET", "/problems/{}", HTTP_BODY_NONE, .open = true, .handler = api_problem_page},
    {"GET", "/healthz", HTTP_BODY_NONE, .open = true, .handler = api_health},
    {"GET", "/readyz", HTTP_BODY_NONE, .open = true, .handler = api_ready},
    {"GET", "/metrics", HTTP_BODY_NONE, .handler = api_metrics},
};

static void on_expiry(int fd, short what, void *context)
{
    (void)fd;
    (void)what;
    runs_expire(context);
}

int api_new(struct api **out, const struct api_options *options)
{
    struct api *api = calloc(1, sizeof *api);
    if (!api)
        return -ENOMEM;
    api->loop = options->loop;
    api->settings = options->settings;
    api->languages = options->languages;
    api->executor = options->executor;
    api->server = options->server;
    api->store = options->store;
    api->audit = options->audit;
    api->memory = options->memory;
    TAILQ_INIT(&api->kept);
    LIST_INIT(&api->grades);
    api->expiry = evtimer_new(options->loop, on_expiry, api);
    api->metrics.runs = calloc(options->languages->count + 1, sizeof *api->metrics.runs);
    api->metrics.grades = calloc(options->languages->count + 1, sizeof *api->metrics.grades);
    if (!api->expiry || !api->metrics.runs || !api->metrics.grades) {
        api_free(api);
        return -ENOMEM;
    }
    *out = api;
    return 0;
}

int api_routes(struct api *api, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), api);
}

void api_drain(struct api *api)
{
    api->draining = true;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    grades_free(api);
    runs_free(api);
    if (api->expiry)
        event_free(api->expiry);
    free(api->metrics.runs);
    free(api->metrics.grades);
    close_fd(&api->audit);
    close_fd(&api->memory);
    free(api);
}
