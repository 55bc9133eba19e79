/* Exercises: a try is judged, kept, and answered, as JSON for the page's script or as the page itself for a
 * form. */
#include "site/internal.h"

#include <errno.h>

enum { FORM_BYTES_MOST = 4 * STORE_CODE_MOST }; /* a byte may come as three */

/* One try, until it is answered. */
struct attempt {
    struct visit visit; /* its request is NULL once the learner has left */
    const struct course_exercise *exercise;
    bool form, passed_before;
    json_t *answer, *say;
};

static void attempt_free(struct attempt *a)
{
    json_decref(a->answer);
    json_decref(a->say);
    visit_end(&a->visit);
    free(a);
}

/* ---- answering ---- */

static void reply_form(struct attempt *a, int status)
{
    pages_reply(&site_lesson_of(a->visit.site, a->exercise)->pages, &a->visit, status);
    attempt_free(a);
}

static void reply_problem(struct attempt *a, const struct problem *problem)
{
    if (a->form && a->exercise) {
        problem_put(&a->visit.result.html, problem);
        reply_form(a, problem_status(problem->type));
        return;
    }
    http_reply_problem(a->visit.request, problem);
    attempt_free(a);
}

/* What the store has learnt meanwhile: who this is, from the first try on. */
static void learn_learner(struct visit *visit)
{
    int e = store_learner(visit->site->store, &visit->session.token, &visit->session.learner);
    if (e < 0 && e != -ENOENT)
        log_error("site", "read a learner: %s", strerror(-e));
}

static void reply_attempt(struct attempt *a, bool kept)
{
    learn_learner(&a->visit);
    if (a->form) {
        verdict_put(&a->visit.result.html, a->answer, a->say);
        if (!kept)
            html_raw(&a->visit.result.html, "<p class=\"problem\">This try could not be kept.</p>\n");
        reply_form(a, 200);
        return;
    }
    bool open = learners_solution_open(a->visit.site->learners, &a->visit.session, a->exercise);
    bool failed = json_object_set_new(a->answer, "rules", verdict_rules(a->answer)) < 0 ||
                  json_object_set(a->answer, "misconceptions", a->say) < 0 ||
                  json_object_set_new(a->answer, "solution_open", json_boolean(open)) < 0 ||
                  json_object_set_new(a->answer, "passed_before", json_boolean(a->passed_before)) < 0 ||
                  json_object_set_new(a->answer, "kept", json_boolean(kept)) < 0;
    char *text = failed ? NULL : json_dumps(a->answer, RUN_ANSWER_DUMP);
    http_reply_owned(a->visit.request, 200, "application/json", text, text ? strlen(text) : 0);
    attempt_free(a);
}

/* ---- keeping ---- */

static void on_gone(void *context)
{
    ((struct attempt *)context)->visit.request = NULL;
}

static void on_kept(void *context, int64_t result)
{
    struct attempt *a = context;
    if (result < 0)
        log_error("site", "keep a try at %s: %s", a->exercise->id, strerror((int)-result));
    if (a->visit.request)
        reply_attempt(a, result >= 0);
    else
        attempt_free(a);
}

static size_t list_failing(const json_t *answer, const char *names[static STORE_FAILING_MOST + 1])
{
    size_t i, n = 0;
    json_t *test;
    json_array_foreach(json_object_get(answer, "tests"), i, test)
    {
        const char *status = json_string_value(json_object_get(test, "status"));
        const char *name = json_string_value(json_object_get(test, "name"));
        if (n < STORE_FAILING_MOST && name && status && (!strcmp(status, "fail") || !strcmp(status, "error")))
            names[n++] = name;
    }
    names[n] = NULL;
    return n;
}

static enum store_verdict verdict_of(const json_t *answer)
{
    const char *verdict = json_string_value(json_object_get(answer, "verdict"));
    if (verdict && !strcmp(verdict, "pass"))
        return STORE_PASS;
    return verdict && !strcmp(verdict, "fail") ? STORE_FAIL : STORE_ERROR;
}

static json_t *list_say(const struct course_exercise *exercise, const char *code)
{
    json_t *say = json_array();
    for (size_t i = 0; i < exercise->misconception_count; i++)
        if (course_misconception_matches(&exercise->misconceptions[i], code, strlen(code)))
            json_array_append_new(say, json_string(exercise->misconceptions[i].say));
    return say;
}

static void on_graded(void *context, const json_t *answer, const struct problem *problem)
{
    struct attempt *a = context;
    const char *failing[STORE_FAILING_MOST + 1], *code = a->visit.result.code;
    if (!answer && !problem) {
        attempt_free(a);
        return;
    }
    if (!answer) {
        reply_problem(a, problem);
        return;
    }
    a->answer = json_copy((json_t *)answer); /* its parts are shared, and not changed */
    enum store_verdict verdict = verdict_of(answer);
    a->say = verdict == STORE_PASS ? json_array() : list_say(a->exercise, code);
    if (!a->answer || !a->say) {
        reply_problem(a, &(struct problem){.type = PROBLEM_internal});
        return;
    }
    list_failing(answer, failing);
    const struct store_try try = {
        .code = code, .size = a->visit.result.code_size, .verdict = verdict, .failing = failing};
    int e = learners_add_try(a->visit.site->learners, &a->visit.session, a->exercise, &try, on_kept, a);
    if (e < 0) {
        log_error("site", "keep a try at %s: %s", a->exercise->id, strerror(-e));
        reply_attempt(a, false);
    } else {
        http_on_gone(a->visit.request, on_gone, a);
    }
}

/* ---- beginning ---- */

static int start(struct attempt *a, struct problem *problem)
{
    struct grade_request grade;
    struct store_work work = {0};
    const struct site *site = a->visit.site;
    if (!a->exercise)
        return problem_at(problem, PROBLEM_not_found, "/exercise", "there is no such exercise here");
    if (!a->visit.result.code || a->visit.result.code_size > STORE_CODE_MOST)
        return problem_at(problem, PROBLEM_invalid_request, "/code",
                          "it must be text in UTF-8 of at most %d bytes", STORE_CODE_MOST);
    if (a->visit.session.learner.id &&
        store_work(site->store, a->visit.session.learner.id, a->exercise->id, &work) == 0)
        a->passed_before = work.passed;
    if (course_grade_request(&grade, a->exercise, site->languages, a->visit.result.code,
                             a->visit.result.code_size) < 0) {
        grade_request_free(&grade);
        return problem_set(problem, PROBLEM_internal, "out of memory");
    }
    return api_grade_start(site->api, a->visit.request, &grade, NULL, on_graded, a, problem);
}

static struct attempt *attempt_new(struct site *site, struct http_request *request, bool form)
{
    struct attempt *a = session_own_new(request, sizeof *a);
    if (!a)
        return NULL;
    a->form = form;
    visit_begin(&a->visit, site, request);
    return a;
}

/* The exercise and the code of a form; the place in the page where the result goes. */
static void read_form(struct attempt *a)
{
    struct visit_result *result = &a->visit.result;
    cleanup_free char *id = site_field(a->visit.request, "exercise", NULL);
    a->exercise = id ? site_find_exercise(a->visit.site, id) : NULL;
    result->code = site_field(a->visit.request, "code", &result->code_size);
    result->of = a->exercise;
    result->there = true;
    http_forget_body(a->visit.request);
}

static void post_check(struct http_request *request, void *site)
{
    struct problem problem;
    struct attempt *a = attempt_new(site, request, true);
    if (!a)
        return;
    read_form(a);
    if (start(a, &problem) < 0)
        reply_problem(a, &problem);
}

static int read_json(struct attempt *a, struct problem *problem)
{
    json_t *body = site_body(a->visit.request, problem);
    const char *id = body ? site_text(body, "exercise", problem) : NULL;
    const char *code = id ? site_text(body, "code", problem) : NULL;
    if (code) {
        a->exercise = site_find_exercise(a->visit.site, id);
        a->visit.result.code = strdup(code);
        a->visit.result.code_size = strlen(code);
    }
    json_decref(body);
    return code ? 0 : -1;
}

static void post_site_check(struct http_request *request, void *site)
{
    struct problem problem;
    struct attempt *a = attempt_new(site, request, false);
    if (a && (read_json(a, &problem) < 0 || start(a, &problem) < 0))
        reply_problem(a, &problem);
}

/* ---- hints and starting again, for forms ---- */

static void on_hint(void *context, int64_t number)
{
    struct attempt *a = context;
    if (number < 0)
        log_error("site", "keep a hint of %s: %s", a->exercise->id, strerror((int)-number));
    if (!a->visit.request) {
        attempt_free(a);
        return;
    }
    learn_learner(&a->visit);
    if (number < 0)
        html_raw(&a->visit.result.html, "<p class=\"problem\">The hint could not be kept.</p>\n");
    reply_form(a, 200);
}

static void post_hint(struct http_request *request, void *site)
{
    struct problem problem;
    struct attempt *a = attempt_new(site, request, true);
    if (!a)
        return;
    read_form(a);
    int e = a->exercise ? learners_add_hint(a->visit.site->learners, request, &a->visit.session, a->exercise,
                                            on_hint, a)
                        : -ENOENT;
    if (e == 0) {
        http_on_gone(request, on_gone, a);
        return;
    }
    if (e == -ENOENT)
        problem_set(&problem, PROBLEM_not_found, "there is no such exercise here");
    else
        problem_set(&problem, e == -EAGAIN ? PROBLEM_queue_full : PROBLEM_internal, "no hint was taken");
    reply_problem(a, &problem);
}

static void post_reset(struct http_request *request, void *site)
{
    struct problem problem;
    struct attempt *a = attempt_new(site, request, true);
    if (!a)
        return;
    read_form(a);
    if (!a->exercise) {
        problem_set(&problem, PROBLEM_not_found, "there is no such exercise here");
        reply_problem(a, &problem);
        return;
    }
    free(a->visit.result.code);
    a->visit.result.code = strdup(a->exercise->stub);
    a->visit.result.code_size = a->visit.result.code ? strlen(a->visit.result.code) : 0;
    reply_form(a, 200);
}

static const struct http_route routes[] = {
    {"POST", "/check", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true, .handler = post_check},
    {"POST", "/hint", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true, .handler = post_hint},
    {"POST", "/reset", HTTP_BODY_FORM, .body_most = FORM_BYTES_MOST, .guest = true, .handler = post_reset},
    {"POST", "/site/check", HTTP_BODY_JSON, .body_most = FORM_BYTES_MOST, .guest = true,
     .handler = post_site_check},
};

int practice_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
