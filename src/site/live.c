/* POST /site/live: a program is run as it is typed.
 *
 * Typing must not crowd out runs by the button. So live runs have half of the places at most, and wait here
 * for one; a learner has one in flight, and one that waits, whose place the next takes. And each learner has
 * a budget: a bucket of time, which each run takes from and which fills evenly. But a learner is a cookie,
 * and anyone can make as many as he likes: so no client (a network, as the http room tells them apart) may
 * have all places, who has fewest in flight goes first, and one client may fill a quarter of what may wait. A
 * run ends with the connection that asked for it. */
#include "site/internal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/queue.h>

enum {
    METERS = 1024,      /* learners that type at once; who has been quiet longest is forgotten */
    WALL_MS = 1000,     /* of one run */
    WAITING_MOST = 256, /* of all learners */
    CLIENT_WAITING_MOST = WAITING_MOST / 4,
};

struct live_run;
struct meter {
    char who[sizeof((struct session *)0)->key];
    uint64_t at_ns;
    double left_ms;
    bool in_flight;
    struct live_run *waiting;
};
struct live {
    const struct settings *settings;
    unsigned most, client_most, in_flight, waiting_count;
    TAILQ_HEAD(live_runs, live_run) waiting, flying; /* in the order they came */
    struct meter meters[METERS];
};
struct live_run {
    struct site *site;
    struct http_request *request;
    struct meter *meter;
    char client[80];          /* http_client() */
    struct parsed_run parsed; /* while it waits */
    uint64_t begun_ns;
    TAILQ_ENTRY(live_run) link;
};

/* Four runs on each CPU, as the settings say, of which half. */
static unsigned places(const struct settings *settings)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t all = settings->running_most ? settings->running_most : 4 * (uint64_t)(cpus > 0 ? cpus : 1);
    return all > 1 ? (unsigned)(all / 2) : 1;
}

int live_new(struct live **live, const struct settings *settings)
{
    *live = calloc(1, sizeof **live);
    if (!*live)
        return -ENOMEM;
    (*live)->settings = settings;
    (*live)->most = places(settings);
    (*live)->client_most = (*live)->most - ((*live)->most + 3) / 4;
    if ((*live)->client_most == 0)
        (*live)->client_most = 1;
    TAILQ_INIT(&(*live)->waiting);
    TAILQ_INIT(&(*live)->flying);
    return 0;
}

void live_free(struct live *live)
{
    free(live);
}

/* ---- budgets ---- */

/* NULL when all are in use at this moment. */
static struct meter *meter_find(struct live *live, const char *who)
{
    struct meter *oldest = NULL;
    for (size_t i = 0; i < METERS; i++) {
        struct meter *m = &live->meters[i];
        if (!strcmp(m->who, who))
            return m;
        if (!m->in_flight && !m->waiting && (!oldest || m->at_ns < oldest->at_ns))
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

static unsigned count_of(const struct live_runs *runs, const char *client)
{
    const struct live_run *run;
    unsigned n = 0;
    TAILQ_FOREACH(run, runs, link)
    n += !strcmp(run->client, client);
    return n;
}

/* The learner's meter, when there is something left in it. */
static struct meter *meter_ask(struct live *live, const char *who, const char *client,
                               struct problem *problem)
{
    double per_minute = (double)live->settings->live_ms;
    struct meter *m = meter_find(live, who);
    problem_set(problem, PROBLEM_too_many_runs, "as one types: wait a moment, or use the button");
    problem->retry_after = 1;
    if (!m || live->waiting_count >= WAITING_MOST || count_of(&live->waiting, client) >= CLIENT_WAITING_MOST)
        return NULL;
    meter_fill(m, per_minute);
    if (m->left_ms > 0)
        return m;
    problem->retry_after = per_minute > 0 ? (unsigned)(-m->left_ms * 60 / per_minute) + 1 : 60;
    return NULL;
}

/* ---- runs in flight ---- */

static void pump(struct live *live);

static double cpu_ms(const char *answer, size_t size)
{
    json_t *json = json_loadb(answer, size, JSON_ALLOW_NUL, NULL);
    double ms = json_number_value(json_object_get(json_object_get(json, "usage"), "cpu_ms"));
    json_decref(json);
    return ms;
}

static void flight_ended(struct live_run *run)
{
    struct live *live = run->site->live;
    run->meter->in_flight = false;
    TAILQ_REMOVE(&live->flying, run, link);
    live->in_flight--;
    free(run);
    pump(live);
}

static void on_done(void *context, const char *answer, size_t size, const struct problem *problem)
{
    struct live_run *run = context;
    if (answer)
        run->meter->left_ms -= cpu_ms(answer, size);
    else /* stopped, by the next one as a rule: it is not known what it took */
        run->meter->left_ms -= (double)(clock_now_ns() - run->begun_ns) / 1e6;
    if (problem)
        http_reply_problem(run->request, problem);
    else if (answer)
        http_reply_text(run->request, 200, "application/json", answer, size);
    flight_ended(run);
}

/* ---- runs that wait ---- */

static void stop_waiting(struct live_run *run)
{
    struct live *live = run->site->live;
    TAILQ_REMOVE(&live->waiting, run, link);
    live->waiting_count--;
    run->meter->waiting = NULL;
}

static void forget(struct live_run *run)
{
    parsed_run_free(&run->parsed);
    free(run);
}

static void on_gone(void *context)
{
    stop_waiting(context);
    forget(context);
}

static void begin(struct live_run *run)
{
    struct problem problem;
    struct api_run *started;
    struct parsed_run parsed = run->parsed;
    stop_waiting(run);
    run->parsed = (struct parsed_run){0};
    run->begun_ns = clock_now_ns();
    if (api_run_start(run->site->api, run->request, &parsed, on_done, run, &started, &problem) < 0) {
        http_reply_problem(run->request, &problem);
        forget(run);
        return;
    }
    run->meter->in_flight = true;
    TAILQ_INSERT_TAIL(&run->site->live->flying, run, link);
    run->site->live->in_flight++;
}

/* Of those that may begin, the first of the client that has fewest in flight; NULL when none may. */
static struct live_run *choose(const struct live *live)
{
    struct live_run *run, *best = NULL;
    unsigned fewest = live->client_most;
    TAILQ_FOREACH(run, &live->waiting, link)
    {
        unsigned n = run->meter->in_flight ? live->client_most : count_of(&live->flying, run->client);
        if (n >= fewest)
            continue;
        fewest = n;
        best = run;
    }
    return best;
}

static void pump(struct live *live)
{
    struct live_run *run;
    while (live->in_flight < live->most && (run = choose(live)))
        begin(run);
}

static void supersede(struct live_run *old)
{
    struct problem problem;
    struct http_request *request = old->request;
    problem_set(&problem, PROBLEM_too_many_runs, "newer code has taken the place of this");
    problem.retry_after = 1;
    stop_waiting(old);
    forget(old);
    http_reply_problem(request, &problem);
}

static void wait_for_place(struct live *live, struct live_run *run)
{
    if (run->meter->waiting)
        supersede(run->meter->waiting);
    TAILQ_INSERT_TAIL(&live->waiting, run, link);
    live->waiting_count++;
    run->meter->waiting = run;
    http_on_gone(run->request, on_gone, run);
    pump(live);
}

/* ---- the call ---- */

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

static void post_live(struct http_request *request, void *context)
{
    struct site *site = context;
    struct session session;
    struct problem problem;
    if (!session_same_origin(request))
        return;
    session_open(site->learners, request, &session);
    struct live_run *run = calloc(1, sizeof *run);
    if (!run) {
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
        return;
    }
    *run = (struct live_run){.site = site, .request = request};
    snprintf(run->client, sizeof run->client, "%s", http_client(request));
    if (make_run(&run->parsed, site, request, &problem) < 0 ||
        !(run->meter = meter_ask(site->live, session.key, run->client, &problem))) {
        forget(run);
        http_reply_problem(request, &problem);
        return;
    }
    snprintf(run->parsed.line, sizeof run->parsed.line, "live:%s", session.key);
    wait_for_place(site->live, run);
}

static const struct http_route routes[] = {
    {"POST", "/site/live", HTTP_BODY_JSON, .body_most = 256 << 10, .guest = true, .handler = post_live},
};

int live_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
