/* The page of a lesson. */
#include "site/internal.h"

#include <stdio.h>

static void put_snippet(struct page *page, const struct site *site, const struct site_lesson *l, size_t index)
{
    const struct course_block *block = &l->lesson->blocks[index];
    char id[32], at[3 * COURSE_NAME_MOST];
    /* With a point, which no heading's id has. */
    snprintf(id, sizeof id, "run.%zu", index);
    snprintf(at, sizeof at, "%s/%s#%s", l->course->course.id, l->lesson->id, id);
    snippet_put(page, site,
                &(struct snippet){.language = languages_find(site->languages, block->language),
                                  .id = id,
                                  .at = at,
                                  .before = block->before,
                                  .live = block->live,
                                  .must_fail = block->kind == COURSE_ERROR,
                                  .block = block});
}

static void put_difficulty(struct html *h, unsigned difficulty)
{
    html_put(h, "<span class=\"difficulty\" role=\"img\" aria-label=\"Difficulty %u of 5\">", difficulty);
    for (unsigned i = 1; i <= 5; i++)
        html_raw(h, i <= difficulty ? "●" : "○");
    html_raw(h, "</span>");
}

/* As a rule the text before an exercise ends with its heading: its title need not be seen twice. */
static bool has_heading(const struct course_block *before, const char *title)
{
    struct html heading = {0};
    html_put(&heading, "%s</h", title);
    bool has = before->kind == COURSE_TEXT && !heading.failed &&
               memmem(before->html, strlen(before->html), heading.text, heading.size);
    html_free(&heading);
    return has;
}

static void put_exercise(struct page *page, const struct course_exercise *e, bool titled)
{
    struct html *h = &page->html;
    size_t rows = 2, hints = 0;
    for (const char *at = e->solution; *at; at++)
        rows += *at == '\n';
    while (e->hints[hints])
        hints++;
    html_put(
        h,
        "<section class=\"exercise\" id=\"%s\" data-exercise=\"%s\" data-language=\"%s\" data-file=\"%s\" "
        "data-hints=\"%zu\" aria-labelledby=\"%s.title\">\n<header><h3 id=\"%s.title\">Your turn<span "
        "class=\"%s\">: %s</span></h3>",
        e->name, e->id, e->language, e->file, hints, e->name, e->name, titled ? "visually-hidden" : "title",
        e->title);
    put_difficulty(h, e->difficulty);
    html_raw(h, "<span class=\"badge\"");
    page_slot(page, SLOT_EXERCISE_BADGE, e);
    html_put(h,
             ">Solved</span></header>\n<form method=\"post\" action=\"/check#%s\">\n"
             "<input type=\"hidden\" name=\"exercise\" value=\"%s\">\n"
             "<textarea class=\"code\" name=\"code\" aria-label=\"Code\" rows=\"%zu\" spellcheck=\"false\" "
             "autocapitalize=\"off\" autocomplete=\"off\">\n",
             e->name, e->id, rows > 30 ? 30 : rows);
    page_slot(page, SLOT_EXERCISE_CODE, e);
    html_put(h,
             "</textarea>\n<div class=\"bar\"><button class=\"check\">Check</button>"
             "<button class=\"hint quiet\" formaction=\"/hint#%s\">Hint</button>"
             "<button class=\"reset quiet\" formaction=\"/reset#%s\">Reset</button></div>\n</form>\n"
             "<div class=\"result\" role=\"status\" aria-live=\"polite\">",
             e->name, e->name);
    page_slot(page, SLOT_EXERCISE_RESULT, e);
    html_raw(h, "</div>\n<ol class=\"hints\" aria-label=\"Hints\">\n");
    page_slot(page, SLOT_EXERCISE_HINTS, e);
    html_raw(h, "</ol>\n");
    page_slot(page, SLOT_EXERCISE_AFTER, e);
    html_raw(h, "</section>\n");
}

static void put_lessons(struct page *page, const void *of)
{
    const struct site_lesson *here = of;
    const struct course *course = &here->course->course;
    struct html *h = &page->html;
    html_put(h,
             "<nav class=\"lessons\" aria-label=\"Lessons\">\n<p><a href=\"/#course-%s\">%s</a></p>\n<ol>\n",
             course->id, course->title);
    for (size_t i = 0; i < course->lesson_count; i++) {
        const struct course_lesson *l = &course->lessons[i];
        html_raw(h, "<li");
        page_slot(page, SLOT_LESSON_CLASS, l);
        html_put(h, "><a href=\"/learn/%s/%s\"", course->id, l->id);
        html_raw(h, l == here->lesson ? " aria-current=\"page\">" : ">");
        html_put(h, "%s</a> ", l->title);
        page_slot(page, SLOT_LESSON_PROGRESS, l);
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ol>\n</nav>\n");
}

static void put_turn(struct html *h, const struct course *course, size_t index)
{
    html_raw(h, "<nav class=\"turn\" aria-label=\"Previous and next lesson\">\n");
    if (index > 0)
        html_put(h, "<a rel=\"prev\" href=\"/learn/%s/%s\"><span>Previous</span> %s</a>\n", course->id,
                 course->lessons[index - 1].id, course->lessons[index - 1].title);
    if (index + 1 < course->lesson_count)
        html_put(h, "<a rel=\"next\" href=\"/learn/%s/%s\"><span>Next</span> %s</a>\n", course->id,
                 course->lessons[index + 1].id, course->lessons[index + 1].title);
    html_raw(h, "</nav>\n");
}

static void put_lesson(struct page *page, const struct site *site, const void *of)
{
    const struct site_lesson *l = of;
    const struct course *course = &l->course->course;
    page_begin(page, site,
               &(struct frame){.title = l->lesson->title,
                               .description = l->lesson->summary,
                               .class = "page-lesson",
                               .before_main = put_lessons,
                               .of = l});
    html_put(&page->html,
             "<article class=\"lesson\">\n<p class=\"kicker\">Lesson %zu of %zu</p>\n<h1>%s</h1>\n"
             "<p class=\"summary\">%s</p>\n",
             l->index + 1, course->lesson_count, l->lesson->title, l->lesson->summary);
    for (size_t i = 0; i < l->lesson->block_count; i++) {
        const struct course_block *block = &l->lesson->blocks[i];
        if (block->kind == COURSE_TEXT)
            html_raw(&page->html, block->html);
        else if (block->kind == COURSE_EXERCISE)
            put_exercise(page, block->exercise, i > 0 && has_heading(block - 1, block->exercise->title));
        else if (!block->hidden)
            put_snippet(page, site, l, i);
    }
    put_turn(&page->html, course, l->index);
    html_raw(&page->html, "</article>\n");
    page_end(page);
}

int lessons_render(struct site *site)
{
    for (size_t i = 0; i < site->course_count; i++) {
        struct site_course *c = &site->courses[i];
        for (size_t j = 0; j < c->course.lesson_count; j++) {
            int r = pages_make(&c->lessons[j].pages, site, put_lesson, &c->lessons[j]);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

/* ---- routes ---- */

static void get_home(struct http_request *request, void *context)
{
    struct site *site = context;
    struct visit visit;
    visit_begin(&visit, site, request);
    pages_reply(&site->home, &visit, 200);
    visit_end(&visit);
}

static void get_lesson(struct http_request *request, void *context)
{
    struct site *site = context;
    struct visit visit;
    struct problem problem;
    const struct site_lesson *lesson =
        site_find_lesson(site, http_parameter(request, 0), http_parameter(request, 1));
    if (!lesson) {
        problem_set(&problem, PROBLEM_not_found,
                    "there is no such lesson; the first page lists those that are");
        http_reply_problem(request, &problem);
        return;
    }
    visit_begin(&visit, site, request);
    pages_reply(&lesson->pages, &visit, 200);
    visit_end(&visit);
}

/* A course's address leads to its first lesson. */
static void get_course(struct http_request *request, void *context)
{
    const struct site *site = context;
    struct problem problem;
    char location[2 * COURSE_NAME_MOST + 16];
    for (size_t i = 0; i < site->course_count; i++) {
        const struct course *course = &site->courses[i].course;
        if (strcmp(course->id, http_parameter(request, 0)) != 0)
            continue;
        snprintf(location, sizeof location, "/learn/%s/%s", course->id, course->lessons[0].id);
        http_reply_see_other(request, location);
        return;
    }
    problem_set(&problem, PROBLEM_not_found, "there is no such course; the first page lists those that are");
    http_reply_problem(request, &problem);
}

/* A stream that stays open, so that a page learns of the server's starting anew (`phial course preview`). */
static void get_preview(struct http_request *request, void *context)
{
    const struct site *site = context;
    struct problem problem;
    if (!site->settings->preview) {
        problem_set(&problem, PROBLEM_not_found, "this is no preview");
        http_reply_problem(request, &problem);
        return;
    }
    http_stream_begin(request, NULL, NULL);
}

static const struct http_route routes[] = {
    {"GET", "/", HTTP_BODY_NONE, .guest = true, .handler = get_home},
    {"GET", "/site/preview", HTTP_BODY_NONE, .handler = get_preview},
    {"GET", "/learn/{}", HTTP_BODY_NONE, .guest = true, .handler = get_course},
    {"GET", "/learn/{}/{}", HTTP_BODY_NONE, .guest = true, .handler = get_lesson},
};

int lesson_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
