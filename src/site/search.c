/* Searching the lessons. */
#include "site/internal.h"

#include <errno.h>
#include <stdio.h>

enum { FOUND_MOST = 30 };

/* ---- the index ---- */

static size_t count_sections(const struct site *site)
{
    size_t n = 0;
    for (size_t i = 0; i < site->course_count; i++)
        for (size_t j = 0; j < site->courses[i].course.lesson_count; j++)
            n += site->courses[i].course.lessons[j].section_count;
    return n;
}

/* What stands before a lesson's first heading is found by the lesson's own title. */
static size_t add_sections(struct store_section *to, const struct course *course,
                           const struct course_lesson *lesson)
{
    for (size_t i = 0; i < lesson->section_count; i++) {
        const struct course_section *s = &lesson->sections[i];
        to[i] = (struct store_section){.course = course->id,
                                       .lesson = lesson->id,
                                       .anchor = s->id,
                                       .title = *s->id ? s->title : lesson->title,
                                       .text = s->text};
    }
    return lesson->section_count;
}

int search_fill(struct site *site, struct error *err)
{
    size_t count = count_sections(site), n = 0;
    struct store_section *sections = calloc(count + 1, sizeof *sections);
    if (!sections)
        return error_set(err, ENOMEM, "index the lessons: %m");
    for (size_t i = 0; i < site->course_count; i++)
        for (size_t j = 0; j < site->courses[i].course.lesson_count; j++)
            n += add_sections(sections + n, &site->courses[i].course, &site->courses[i].course.lessons[j]);
    int r = store_search_fill(site->store, sections, n, err);
    free(sections);
    return r;
}

/* ---- the page ---- */

/* What was found stands between the bytes 1 and 2. */
static void put_marked(struct html *h, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\001\002");
        html_text_n(h, text, n);
        text += n;
        if (*text)
            html_raw(h, *text++ == 1 ? "<mark>" : "</mark>");
    }
}

struct found_list {
    struct site *site;
    struct html *html;
    size_t count;
};

static void on_found(void *context, const struct store_section *found)
{
    struct found_list *list = context;
    const struct site_lesson *lesson = site_find_lesson(list->site, found->course, found->lesson);
    if (!lesson)
        return;
    if (list->count++ == 0)
        html_raw(list->html, "<ol class=\"found\">\n");
    html_put(list->html, "<li><a href=\"/learn/%s/%s%s%s\">", found->course, found->lesson,
             *found->anchor ? "#" : "", found->anchor);
    put_marked(list->html, found->title);
    html_put(list->html, "</a> <span class=\"note\">%s</span>\n<p>", lesson->lesson->title);
    put_marked(list->html, found->text);
    html_raw(list->html, "</p></li>\n");
}

static void put_found(struct site *site, struct html *h, const char *query)
{
    struct found_list list = {.site = site, .html = h};
    int e = store_search(site->store, query, FOUND_MOST, on_found, &list);
    if (e < 0 && e != -ENOENT)
        log_error("site", "search the lessons: %s", strerror(-e));
    if (list.count > 0)
        html_raw(h, "</ol>\n");
    else
        html_put(
            h,
            "<p>Nothing in the lessons has all the words of “%s”. Try fewer words, or only the beginning of "
            "the last one.</p>\n",
            query);
}

static void get_search(struct http_request *request, void *context)
{
    struct site *site = context;
    struct visit visit;
    struct page page = {0};
    cleanup_free char *query = site_query(request, "q");
    visit_begin(&visit, site, request);
    page_begin(&page, site, &(struct frame){.title = "Search", .class = "page-search", .query = query});
    html_raw(&page.html, "<h1>Search</h1>\n");
    if (query && query[strspn(query, " ")])
        put_found(site, &page.html, query);
    else
        html_raw(&page.html,
                 "<p>Write some words into the field above: all lessons are searched for them.</p>\n");
    page_end(&page);
    page_reply(&page, &visit, 200);
    page_free(&page);
    visit_end(&visit);
}

static const struct http_route routes[] = {
    {"GET", "/search", HTTP_BODY_NONE, .guest = true, .handler = get_search},
};

int search_routes(struct site *site, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), site);
}
