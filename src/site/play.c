/* The playground, and programs that are shared by their address. */
#include "site/internal.h"

#include <errno.h>
#include <stdio.h>

void page_play(struct visit *visit, const struct language *language, int status)
{
    struct page page = {0};
    struct site *site = visit->site;
    if (!language && site->languages->count > 0)
        language = &site->languages->items[0];
    page_begin(&page, site,
               &(struct frame){.title = "Playground",
                               .description = "Write a program, run it in a sandbox of its own, share it.",
                               .class = "page-play"});
    html_raw(&page.html,
             "<h1>Playground</h1>\n<p class=\"lead\">Write a program and run it, in a sandbox of its "
             "own, once. Its address can be shared.</p>\n");
    if (language)
        snippet_put(&page, site, &(struct snippet){.language = language, .id = "play", .live = true});
    else
        html_raw(&page.html, "<p class=\"problem\">This server has no language.</p>\n");
    page_end(&page);
    page_reply(&page, visit, status);
    page_free(&page);
}

static const struct language *standard_language(const struct site *site)
{
    return site->course_count > 0 ? languages_find(site->languages, site->courses[0].course.language) : NULL;
}

static void get_play(struct http_request *request, void *context)
{
    struct site *site = context;
    struct visit visit;
    cleanup_free char *name = site_query(request, "language");
    const struct language *language = name ? languages_find(site->languages, name) : NULL;
    visit_begin(&visit, site, request);
    page_play(&visit, language ? language : standard_language(site), 200);
    visit_end(&visit);
}

static void get_shared(struct http_request *request, void *context)
{
    struct site *site = context;
    struct visit visit;
    struct problem problem;
    struct store_program program = {0};
    int e = store_program(site->store, http_parameter(request, 0), &program);
    if (e < 0) {
        if (e != -ENOENT)
            log_error("site", "read a shared program: %s", strerror(-e));
        problem_set(&problem, e == -ENOENT ? PROBLEM_not_found : PROBLEM_internal,
                    "there is no program at this address");
        http_reply_problem(request, &problem);
        return;
    }
    visit_begin(&visit, site, request);
    visit.result = (struct visit_result){.there = true, .code = program.code, .code_size = program.size};
    page_play(&visit, languages_find(site->languages, program.language), 200);
    free(program.language);
    visit_end(&visit);
}

/* ---- sharing ---- */

struct share {
    struct http_request *request; /* NULL: the client has left */
    bool form;                    /* it was asked by a form: it is led to the address */
    char id[STORE_PROGRAM_ID_SIZE];
};

static void on_gone(void *context)
{
    ((struct share *)context)->request = NULL;
}

static void on_kept(void *context, int64_t result)
{
    struct share *share = context;
    struct problem problem;
    char url[64];
    snprintf(url, sizeof url, "/play/%s", share->id);
    if (!share->request) {
        /* nobody waits */
    } else if (result < 0) {
        log_error("site", "keep a shared program: %s", strerror((int)-result));
        problem_set(&problem, PROBLEM_store_away, "the program could not be kept");
        http_reply_problem(share->request, &problem);
    } else if (share->form) {
        http_reply_see_other(share->request, url);
    } else {
        http_reply_json(share->request, 200, json_pack("{s:s}", "url", url));
    }
    free(share);
}

static int share_program(struct site *site, struct http_request *request, const char *language_name,
                         const char *code, bool form, struct problem *problem)
{
    const struct language *language = language_name ? languages_find(site->languages, language_name) : NULL;
    size_t size = code ? strlen(code) : 0;
    if (!language)
        return problem_at(problem, PROBLEM_unknown_language, "/language", "there is no such language here");
    if (size == 0 || size > STORE_CODE_MOST)
        return problem_at(problem, PROBLEM_invalid_request, "/code", "it must have 1 to %d bytes",
                          STORE_CODE_MOST);
    if (!session_may_keep(site->learners, request, problem))
        return -1;
    struct share *share = calloc(1, sizeof *share);
    if (!share)
        return problem_set(problem, PROBLEM_internal, "out of memory");
    *share = (struct share){.request = request, .form = form};
    store_program_id(language->name, code, size, share->id);
    int e = store_add_program(site->store, language->name, code, size, on_kept, share);
    if (e < 0) {
        free(share);
        problem_set(problem, e == -EAGAIN ? PROBLEM_queue_full : PROBLEM_internal,
                    "the program was not kept");
        problem->retry_after = e == -EAGAIN;
        return -1;
    }
    http_on_gone(request, on_gone, share);
    return 0;
}

static void post_share(struct http_request *request, void *context)
{
    struct problem problem;
    if (!session_same_origin(request))
        return;
    json_t *body = site_body(request, &problem);
    const char *language = body ? site_text(body, "language", &problem) : NULL;
    const char *code = language ? site_text(body, "code", &problem) : NULL;
    int r = code ? share_program(context, request, language, code, false, &problem) : -1;
    json_decref(body);
    if (r < 0)
        http_reply_problem(request, &problem);
}

/* The button of the form, for browsers without JavaScript. */
static void post_share_form(struct http_request *request, void *context)
{
    struct problem problem;
    if (!session_same_origin(request))
        return;
    cleanup_free char *language = site_field(request, "language", NULL);
    cleanup_free char *code = site_field(request, "code", NULL);
    http_forget_body(request);
    if (share_program(context, request, language, code, true, &problem) < 0)
        http_reply_problem(request, &problem);
}

static const struct http_route routes[] = {
    {"GET", "/play", HTTP_BODY_NONE, .guest = true, .handler = get_play},
    {"GET", "/play/{}", HTTP_BODY_NONE, .guest = true, .handler = get_shared},
    {"POST", "/share", HTTP_BODY_FORM, .body_most = 256 << 10, .guest = true, .handler = post_share_form},
    {"POST", "/site/share", HTTP_BODY_JSON, .body_most = 256 << 10, .guest = true, .handler = post_share},
};

int play_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
