/* POST /run: a form's program is run, and the page that it came from is shown with the result in its place.
 */
#include "site/foreign.h"
#include "site/internal.h"

/* One form, until its run has ended. */
struct form_run {
    struct visit visit;
    const struct language *language;
    const struct site_lesson *lesson; /* NULL: the playground */
    unsigned before_lines;
};

static void form_run_free(struct form_run *f)
{
    visit_end(&f->visit);
    free(f);
}

static void reply_page(struct form_run *f, int status)
{
    if (f->lesson)
        pages_reply(&f->lesson->pages, &f->visit, status);
    else
        page_play(&f->visit, f->language, status);
    form_run_free(f);
}

static void reply_problem_page(struct form_run *f, const struct problem *problem)
{
    problem_put(&f->visit.result.html, problem);
    reply_page(f, problem_status(problem->type));
}

static void on_done(void *context, const char *answer, size_t size, const struct problem *problem)
{
    struct form_run *f = context;
    if (problem) {
        reply_problem_page(f, problem);
    } else if (answer) {
        json_t *json = json_loadb(answer, size, JSON_ALLOW_NUL, NULL);
        result_put(&f->visit.result.html, json, f->before_lines);
        json_decref(json);
        reply_page(f, 200);
    } else { /* the reader has left */
        form_run_free(f);
    }
}

/* Which snippet it was. What is none is the playground's. */
static void find_place(struct form_run *f, const char *at)
{
    struct foreign_place place;
    if (!at || !foreign_place(&place, at))
        return;
    const struct site_lesson *lesson = site_find_lesson(f->visit.site, place.course, place.lesson);
    if (!lesson || place.block >= lesson->lesson->block_count || lesson->lesson->blocks[place.block].hidden)
        return;
    f->lesson = lesson;
    f->visit.result.of = &lesson->lesson->blocks[place.block];
}

static unsigned count_lines(const char *before)
{
    unsigned lines = 0;
    size_t n = before ? strlen(before) : 0;
    for (size_t i = 0; i < n; i++)
        lines += before[i] == '\n';
    return lines + (n > 0 && before[n - 1] != '\n');
}

static int start(struct form_run *f, struct problem *problem)
{
    struct http_request *request = f->visit.request;
    struct visit_result *result = &f->visit.result;
    struct parsed_run parsed;
    struct api_run *run;
    cleanup_free char *language = site_field(request, "language", NULL);
    cleanup_free char *at = site_field(request, "at", NULL);
    cleanup_free char *before = site_field(request, "before", NULL);
    result->code = site_field(request, "code", &result->code_size);
    result->input = site_field(request, "stdin", &result->input_size);
    result->there = true;
    http_forget_body(request);
    f->language = language ? languages_find(f->visit.site->languages, language) : NULL;
    f->before_lines = count_lines(before);
    find_place(f, at);
    int r = site_make_run(&parsed, f->language, before, result->code, result->input, problem);
    if (r == 0)
        r = api_run_start(f->visit.site->api, request, &parsed, on_done, f, &run, problem);
    parsed_run_free(&parsed);
    return r;
}

static void post_run(struct http_request *request, void *context)
{
    struct problem problem;
    if (!session_same_origin(request)) /* another site's page could post here with its reader's rights */
        return;
    struct form_run *f = calloc(1, sizeof *f);
    if (!f) {
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
        return;
    }
    visit_begin(&f->visit, context, request);
    if (start(f, &problem) < 0)
        reply_problem_page(f, &problem);
}

static const struct http_route routes[] = {
    {"POST", "/run", HTTP_BODY_FORM, .guest = true, .handler = post_run},
};

int run_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
