/* POST /site/live: a program is run as it is typed. Its runs wait in a line of their own for each learner and
 * have a budget, so that typing cannot crowd out runs by the button: a bucket of time, which each run takes
 * from and which fills evenly. A run ends with the connection that asked for it. */
#include "site/internal.h"

#include <errno.h>
#include <stdio.h>

enum {
    METERS = 1024,    /* learners that type at once; who has been quiet longest is forgotten */
    WALL_MS = 1000,   /* of one run */
    AT_ONCE_MOST = 2, /* of one learner: the one in flight, and the one that takes its place */
};

struct meter {
    char who[sizeof((struct session *)0)->key];
    uint64_t at_ns;
    double left_ms;
    unsigned in_flight;
};
struct live {
    const struct settings *settings;
    struct meter meters[METERS];
};

int live_new(struct live **live, const struct settings *settings)
{
    *live = calloc(1, sizeof **live);
    if (!*live)
        return -ENOMEM;
    (*live)->settings = settings;
    return 0;
}

void live_free(struct live *live)
{
    free(live);
}

/* NULL when all are in use at this moment. */
static struct meter *meter_find(struct live *live, const char *who)
{
    struct meter *oldest = NULL;
    for (size_t i = 0; i < METERS; i++) {
        struct meter *m = &live->meters[i];
        if (!strcmp(m->who, who))
            return m;
        if (m->in_flight == 0 && (!oldest || m->at_ns < oldest->at_ns))
            oldest = m;
    }
    if (oldest) {
        *oldest = (struct meter){.at_ns = clock_now_ns(), .left_ms = (double)live->settings->live_ms};
        snprintf(oldest->who, sizeof oldest->who, "%s", who);
    }
    return oldest;
}

static void meter_fill(struct meter *m, double per_minute)
{
    uint64_t now = clock_now_ns();
    m->left_ms += (double)(now - m->at_ns) / 60e9 * per_minute;
    m->at_ns = now;
    if (m->left_ms > per_minute)
        m->left_ms = per_minute;
}

static struct meter *meter_take(struct live *live, const char *who, struct problem *problem)
{
    double per_minute = (double)live->settings->live_ms;
    struct meter *m = meter_find(live, who);
    problem_set(problem, PROBLEM_too_many_runs, "as one types: wait a moment, or use the button");
    problem->retry_after = 1;
    if (!m)
        return NULL;
    meter_fill(m, per_minute);
    if (m->in_flight >= AT_ONCE_MOST)
        return NULL;
    if (m->left_ms <= 0) {
        problem->retry_after = per_minute > 0 ? (unsigned)(-m->left_ms * 60 / per_minute) + 1 : 60;
        return NULL;
    }
    m->in_flight++;
    return m;
}

/* ---- one run ---- */

struct live_run {
    struct http_request *request;
    struct meter *meter;
    uint64_t begun_ns;
};

static double cpu_ms(const char *answer, size_t size)
{
    json_t *json = json_loadb(answer, size, JSON_ALLOW_NUL, NULL);
    double ms = json_number_value(json_object_get(json_object_get(json, "usage"), "cpu_ms"));
    json_decref(json);
    return ms;
}

static void on_done(void *context, const char *answer, size_t size, const struct problem *problem)
{
    struct live_run *run = context;
    run->meter->in_flight--;
    if (answer)
        run->meter->left_ms -= cpu_ms(answer, size);
    else /* stopped, by the next one as a rule: it is not known what it took */
        run->meter->left_ms -= (double)(clock_now_ns() - run->begun_ns) / 1e6;
    if (problem)
        http_reply_problem(run->request, problem);
    else if (answer)
        http_reply_text(run->request, 200, "application/json", answer, size);
    free(run);
}

static int make_run(struct parsed_run *parsed, const struct site *site, struct http_request *request,
                    struct problem *problem)
{
    *parsed = (struct parsed_run){0};
    json_t *body = site_body(request, problem);
    const char *language = body ? site_text(body, "language", problem) : NULL;
    const char *code = language ? site_text(body, "code", problem) : NULL;
    const char *before = code ? site_text(body, "before", problem) : NULL;
    int r = before
                ? site_make_run(parsed, languages_find(site->languages, language), before, code, "", problem)
                : -1;
    json_decref(body);
    parsed->request.trace = true;
    parsed->request.limits.wall_ms =
        WALL_MS < site->settings->ceiling.wall_ms ? WALL_MS : site->settings->ceiling.wall_ms;
    return r;
}

static int start(struct site *site, struct http_request *request, struct problem *problem)
{
    struct session session;
    struct parsed_run parsed = {0};
    struct api_run *started;
    session_open(site->learners, request, &session);
    struct live_run *run = calloc(1, sizeof *run);
    int r = run ? make_run(&parsed, site, request, problem)
                : problem_set(problem, PROBLEM_internal, "out of memory");
    if (r == 0 && !(run->meter = meter_take(site->live, session.key, problem)))
        r = -1;
    if (r == 0) {
        run->request = request;
        run->begun_ns = clock_now_ns();
        snprintf(parsed.line, sizeof parsed.line, "live:%s", session.key);
        r = api_run_start(site->api, request, &parsed, on_done, run, &started, problem);
        if (r < 0)
            run->meter->in_flight--;
    }
    if (r < 0)
        free(run);
    parsed_run_free(&parsed);
    return r;
}

static void post_live(struct http_request *request, void *context)
{
    struct problem problem;
    if (session_same_origin(request) && start(context, request, &problem) < 0)
        http_reply_problem(request, &problem);
}

static const struct http_route routes[] = {
    {"POST", "/site/live", HTTP_BODY_JSON, .body_most = 256 << 10, .guest = true, .handler = post_live},
};

int live_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
