/* The teacher's page: where learners get stuck. */
#include "site/internal.h"

#include <errno.h>
#include <stdio.h>

struct row { /* one exercise, in the order of the lessons */
    const struct course_exercise *exercise;
    const struct course_lesson *lesson;
    uint64_t learners, tries, passes, median_ms, failing_count;
    char *failing_test;
};
struct rows {
    struct row *items;
    size_t count;
    uint64_t learners_most;
};

/* ---- figures ---- */

static int rows_make(struct rows *rows, const struct course *course)
{
    size_t n = 0;
    for (size_t i = 0; i < course->lesson_count; i++)
        n += course->lessons[i].exercise_count;
    *rows = (struct rows){.items = calloc(n + 1, sizeof *rows->items)};
    for (size_t i = 0; rows->items && i < course->lesson_count; i++)
        for (size_t j = 0; j < course->lessons[i].block_count; j++)
            if (course->lessons[i].blocks[j].kind == COURSE_EXERCISE)
                rows->items[rows->count++] = (struct row){.exercise = course->lessons[i].blocks[j].exercise,
                                                          .lesson = &course->lessons[i]};
    return rows->items ? 0 : -ENOMEM;
}

static void rows_free(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->items[i].failing_test);
    free(rows->items);
}

static void on_figures(void *context, const struct store_figures *figures)
{
    struct rows *rows = context;
    for (size_t i = 0; i < rows->count; i++) {
        struct row *row = &rows->items[i];
        if (strcmp(row->exercise->id, figures->exercise) != 0)
            continue;
        row->learners = figures->learners;
        row->tries = figures->tries;
        row->passes = figures->passes;
        row->median_ms = figures->median_ms;
        row->failing_count = figures->failing_count;
        row->failing_test = figures->failing_test ? strdup(figures->failing_test) : NULL;
        if (row->learners > rows->learners_most)
            rows->learners_most = row->learners;
    }
}

/* ---- HTML ---- */

static void put_duration(struct html *h, const struct row *row)
{
    if (row->passes == 0)
        html_raw(h, "<td>-</td>");
    else if (row->median_ms < 60000)
        html_put(h, "<td>%.1f s</td>", (double)row->median_ms / 1e3);
    else
        html_put(h, "<td>%.1f min</td>", (double)row->median_ms / 6e4);
}

static void put_table(struct html *h, const struct course *course, const struct rows *rows)
{
    html_put(
        h,
        "<table class=\"figures\">\n<caption>%s: each exercise</caption>\n<thead><tr><th "
        "scope=\"col\">Exercise"
        "</th><th scope=\"col\">Learners</th><th scope=\"col\">Solved it</th><th scope=\"col\">Tries</th>"
        "<th scope=\"col\">Median time</th><th scope=\"col\">Fails most often</th></tr></thead>\n<tbody>\n",
        course->title);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];
        html_put(h,
                 "<tr><th scope=\"row\"><a "
                 "href=\"/learn/%s/%s#%s\">%s</a></th><td>%zu</td><td>%zu</td><td>%zu</td>",
                 course->id, row->lesson->id, row->exercise->name, row->exercise->title,
                 (size_t)row->learners, (size_t)row->passes, (size_t)row->tries);
        put_duration(h, row);
        if (row->failing_test)
            html_put(h, "<td>%s (%zu)</td></tr>\n", row->failing_test, (size_t)row->failing_count);
        else
            html_raw(h, "<td>-</td></tr>\n");
    }
    html_raw(h, "</tbody>\n</table>\n");
}

/* A bar for each exercise that somebody tried: who did, and within it who solved it. Attributes only: styles
 * in HTML are forbidden by the policy of contents. */
static void put_chart(struct html *h, const struct rows *rows)
{
    enum { LINE = 26, LABEL = 230, BAR = 400, WIDTH = LABEL + BAR + 90 };
    double per = (double)BAR / (double)rows->learners_most;
    size_t tried = 0, y = 0;
    for (size_t i = 0; i < rows->count; i++)
        tried += rows->items[i].learners > 0;
    html_raw(h, "<figure class=\"chart\">\n<figcaption>Learners who tried, and who solved it</figcaption>\n");
    html_put(h,
             "<svg viewBox=\"0 0 %u %zu\" width=\"%u\" height=\"%zu\" role=\"img\" "
             "aria-label=\"The same figures as in the table\">\n",
             WIDTH, tried * LINE, WIDTH, tried * LINE);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];
        if (row->learners == 0)
            continue;
        html_put(h, "<text x=\"%u\" y=\"%zu\" text-anchor=\"end\">%s</text>", LABEL - 8, y + 18,
                 row->exercise->title);
        html_put(h, "<rect class=\"bar\" x=\"%u\" y=\"%zu\" width=\"%.1f\" height=\"%u\" rx=\"3\"/>", LABEL,
                 y + 4, (double)row->learners * per, LINE - 8);
        html_put(h, "<rect class=\"bar solved\" x=\"%u\" y=\"%zu\" width=\"%.1f\" height=\"%u\" rx=\"3\"/>",
                 LABEL, y + 4, (double)row->passes * per, LINE - 8);
        html_put(h, "<text x=\"%.1f\" y=\"%zu\">%zu of %zu</text>\n", LABEL + 8 + (double)row->learners * per,
                 y + 18, (size_t)row->passes, (size_t)row->learners);
        y += LINE;
    }
    html_raw(h, "</svg>\n</figure>\n");
}

static void put_course(struct html *h, const struct site *site, const struct course *course)
{
    struct rows rows;
    char prefix[COURSE_NAME_MOST + 2];
    if (rows_make(&rows, course) < 0) {
        h->failed = true;
        return;
    }
    snprintf(prefix, sizeof prefix, "%s/", course->id);
    int e = store_figures(site->store, prefix, on_figures, &rows);
    if (e < 0 && e != -ENOENT)
        log_error("site", "read the figures of %s: %s", course->id, strerror(-e));
    html_put(h, "<section>\n<h2>%s</h2>\n", course->title);
    if (rows.learners_most > 0)
        put_chart(h, &rows);
    else
        html_raw(h, "<p class=\"note\">Nobody has tried an exercise yet.</p>\n");
    put_table(h, course, &rows);
    html_raw(h, "</section>\n");
    rows_free(&rows);
}

static void get_teach(struct http_request *request, void *context)
{
    struct site *site = context;
    struct visit visit;
    struct page page = {0};
    visit_begin(&visit, site, request);
    page_begin(&page, site, &(struct frame){.title = "Where learners get stuck", .class = "page-teach"});
    html_raw(&page.html, "<h1>Where learners get stuck</h1>\n");
    if (visit.session.teacher)
        for (size_t i = 0; i < site->course_count; i++)
            put_course(&page.html, site, &site->courses[i].course);
    else
        html_raw(&page.html,
                 "<p class=\"problem\">This page is for teachers: whoever runs this server names them in "
                 "the setting <code>teachers</code>. <a href=\"/account\">Sign in</a> first.</p>\n");
    page_end(&page);
    page_reply(&page, &visit, visit.session.teacher ? 200 : 403);
    page_free(&page);
    visit_end(&visit);
}

static const struct http_route routes[] = {
    {"GET", "/teach", HTTP_BODY_NONE, .guest = true, .handler = get_teach},
};

int teach_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
