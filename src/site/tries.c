/* Tries and hints: what is kept of them, and what the page's script asks about them. */
#include "site/learners_parts.h"

#include <errno.h>

enum { TRIES_SHOWN = 20, HONEST_TRIES = 3 };

/* ---- for the pages ---- */

int learners_add_try(struct learners *learners, const struct session *session,
                     const struct course_exercise *exercise, const struct store_try *try, store_done *done,
                     void *context)
{
    return store_add_try(learners->store, &session->token, exercise->id, try, done, context);
}

static unsigned hints_total(const struct course_exercise *exercise)
{
    return (unsigned)strings_count(exercise->hints);
}

int learners_add_hint(struct learners *learners, const struct http_request *request,
                      const struct session *session, const struct course_exercise *exercise, store_done *done,
                      void *context)
{
    struct problem problem;
    if (!session->learner.id && !session_may_keep(learners, request, &problem))
        return -EAGAIN;
    return store_add_hint(learners->store, &session->token, exercise->id, hints_total(exercise), done,
                          context);
}

static struct store_work work_of(struct learners *learners, const struct session *session,
                                 const char *exercise)
{
    struct store_work work = {0};
    if (session->learner.id)
        store_work(learners->store, session->learner.id, exercise, &work);
    return work;
}

bool learners_solution_open(struct learners *learners, const struct session *session,
                            const struct course_exercise *exercise)
{
    const struct store_work work = work_of(learners, session, exercise->id);
    if (work.passed)
        return true;
    if (work.tries == 0)
        return false;
    return work.hints >= hints_total(exercise) ||
           store_honest_tries(learners->store, session->learner.id, exercise->id, exercise->stub,
                              strlen(exercise->stub)) >= HONEST_TRIES;
}

struct last_code {
    char *text;
    size_t size;
};

static void keep_code(void *context, const struct store_try *try)
{
    struct last_code *last = context;
    last->text = malloc(try->size + 1);
    last->size = try->size;
    if (!last->text)
        return;
    memcpy(last->text, try->code, try->size);
    last->text[try->size] = 0;
}

char *learners_last_code(struct learners *learners, const struct session *session, const char *exercise,
                         size_t *size)
{
    struct last_code last = {0};
    if (session->learner.id)
        store_tries(learners->store, session->learner.id, exercise, 1, keep_code, &last);
    *size = last.size;
    return last.text;
}

/* ---- GET /site/exercise ---- */

static void add_try(void *context, const struct store_try *try)
{
    json_array_append_new(context, json_pack("{s:o,s:s,s:o}", "at", time_json(try->at_ms), "verdict",
                                             store_verdict_name(try->verdict), "code",
                                             text_json(try->code, try->size)));
}

json_t *learners_exercise_json(struct learners *learners, const struct session *session,
                               const struct course_exercise *exercise)
{
    const struct store_work work = work_of(learners, session, exercise->id);
    bool open = learners_solution_open(learners, session, exercise);
    json_t *tries = json_array(), *hints = json_array();
    if (session->learner.id)
        store_tries(learners->store, session->learner.id, exercise->id, TRIES_SHOWN, add_try, tries);
    for (unsigned i = 0; i < work.hints && i < hints_total(exercise); i++)
        json_array_append_new(hints, json_string(exercise->hints[i]));
    json_t *last = json_object_get(json_array_get(tries, 0), "code");
    return json_pack("{s:O?,s:s,s:b,s:o,s:o,s:i,s:s?}", "code", last, "stub", exercise->stub, "passed",
                     work.passed, "tries", tries, "hints", hints, "hints_total", (int)hints_total(exercise),
                     "solution", open ? exercise->solution : NULL);
}

/* The exercise that the address names; NULL: it has been answered. */
static const struct course_exercise *wanted(struct site *site, struct http_request *request)
{
    cleanup_free char *id = site_query(request, "id");
    const struct course_exercise *exercise = id ? site_find_exercise(site, id) : NULL;
    struct problem problem;
    if (exercise)
        return exercise;
    problem_set(&problem, PROBLEM_not_found, "there is no such exercise here");
    http_reply_problem(request, &problem);
    return NULL;
}

void tries_exercise(struct http_request *request, void *context)
{
    struct site *site = context;
    struct session session;
    const struct course_exercise *exercise = wanted(site, request);
    if (!exercise)
        return;
    session_open(site->learners, request, &session);
    http_reply_json(request, 200, learners_exercise_json(site->learners, &session, exercise));
}

void tries_solution(struct http_request *request, void *context)
{
    struct site *site = context;
    struct session session;
    struct problem problem;
    const struct course_exercise *exercise = wanted(site, request);
    if (!exercise)
        return;
    session_open(site->learners, request, &session);
    if (learners_solution_open(site->learners, &session, exercise)) {
        http_reply_json(request, 200, json_pack("{s:s}", "solution", exercise->solution));
        return;
    }
    problem_set(
        &problem, PROBLEM_forbidden,
        "the solution opens when you have passed, after %d different tries, or with all hints and one try",
        HONEST_TRIES);
    http_reply_problem(request, &problem);
}

/* ---- POST /site/hint ---- */

struct hint {
    struct http_request *request; /* NULL once the client has left */
    const struct course_exercise *exercise;
};

static void on_hint(void *context, int64_t number)
{
    struct hint *h = context;
    struct problem problem;
    if (h->request && number > 0)
        http_reply_json(h->request, 200,
                        json_pack("{s:s,s:i,s:i}", "html", h->exercise->hints[number - 1], "number",
                                  (int)number, "total", (int)hints_total(h->exercise)));
    else if (h->request) {
        problem_set(&problem, PROBLEM_store_away, "no hint was taken; try again");
        http_reply_problem(h->request, &problem);
    }
    free(h);
}

static void on_gone(void *context)
{
    ((struct hint *)context)->request = NULL;
}

static const struct course_exercise *named(struct site *site, struct http_request *request,
                                           struct problem *problem)
{
    json_t *body = site_body(request, problem);
    const char *id = body ? site_text(body, "exercise", problem) : NULL;
    const struct course_exercise *exercise = id ? site_find_exercise(site, id) : NULL;
    if (id && (!exercise || hints_total(exercise) == 0)) {
        problem_at(problem, PROBLEM_not_found, "/exercise",
                   exercise ? "it has no hints" : "there is no such exercise here");
        exercise = NULL;
    }
    json_decref(body);
    return exercise;
}

void tries_hint(struct http_request *request, void *context)
{
    struct site *site = context;
    struct session session;
    struct problem problem;
    if (!session_same_origin(request))
        return;
    const struct course_exercise *exercise = named(site, request, &problem);
    struct hint *h = exercise ? calloc(1, sizeof *h) : NULL;
    if (exercise && h) {
        session_open(site->learners, request, &session);
        *h = (struct hint){request, exercise};
        int r = learners_add_hint(site->learners, request, &session, exercise, on_hint, h);
        if (r == 0) {
            http_on_gone(request, on_gone, h);
            return;
        }
        problem_set(&problem, r == -EAGAIN ? PROBLEM_too_many_requests : PROBLEM_store_away, "%s",
                    strerror(-r));
        problem.retry_after = 5;
    } else if (exercise) {
        problem_set(&problem, PROBLEM_internal, "out of memory");
    }
    free(h);
    http_reply_problem(request, &problem);
}
