#include "site/internal.h"

#include <errno.h>

void page_slot(struct page *page, enum slot_kind kind, const void *of)
{
    if (page->slot_count == page->slot_room) {
        size_t room = page->slot_room ? 2 * page->slot_room : 32;
        struct slot *more = realloc(page->slots, room * sizeof *more);
        if (!more) {
            page->html.failed = true;
            return;
        }
        page->slots = more;
        page->slot_room = room;
    }
    page->slots[page->slot_count++] = (struct slot){page->html.size, kind, of};
}

void page_free(struct page *page)
{
    html_free(&page->html);
    free(page->slots);
    *page = (struct page){0};
}

/* ---- the frame ---- */

static void put_head(struct page *page, const struct site *site, const struct frame *frame)
{
    struct html *h = &page->html;
    const struct asset *icon = assets_find(&site->assets, "icon.svg");
    const struct asset *style = assets_find(&site->assets, "style.css");
    const struct asset *script = assets_find(&site->assets, "main.js");
    html_raw(h, "<!doctype html>\n<html lang=\"en\"");
    page_slot(page, SLOT_THEME, NULL);
    html_raw(h, site->settings->preview ? " data-preview" : "");
    html_raw(h, ">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n");
    html_put(h, "<title>%s%s</title>\n", frame->title, strcmp(frame->title, "Phial") ? " - Phial" : "");
    if (frame->description)
        html_put(h, "<meta name=\"description\" content=\"%s\">\n", frame->description);
    if (icon)
        html_put(h, "<link rel=\"icon\" href=\"/static/%s\" type=\"image/svg+xml\">\n", icon->file);
    if (style)
        html_put(h, "<link rel=\"stylesheet\" href=\"/static/%s\">\n", style->file);
    if (script)
        html_put(h, "<script type=\"module\" src=\"/static/%s\"></script>\n", script->file);
    html_put(h, "</head>\n<body class=\"%s\">\n", frame->class);
}

static void put_header(struct page *page, const struct site *site, const struct frame *frame)
{
    struct html *h = &page->html;
    const struct asset *icon = assets_find(&site->assets, "icon.svg");
    html_raw(h, "<a class=\"skip\" href=\"#main\">Skip to the text</a>\n<header class=\"site\">\n"
                "<a class=\"brand\" href=\"/\">");
    if (icon)
        html_put(h, "<img src=\"/static/%s\" alt=\"\" width=\"28\" height=\"28\">", icon->file);
    html_raw(h, "Phial</a>\n<nav aria-label=\"Site\"><ul><li><a href=\"/\">Lessons</a></li>"
                "<li><a href=\"/play\">Playground</a></li></ul></nav>\n"
                "<form class=\"search\" role=\"search\" action=\"/search\">"
                "<input type=\"search\" name=\"q\" aria-label=\"Search the lessons\" placeholder=\"Search\" "
                "maxlength=\"80\"");
    html_put(h, " value=\"%s\"><button>Search</button></form>\n", frame->query ? frame->query : "");
    page_slot(page, SLOT_THEME_BUTTONS, NULL);
    page_slot(page, SLOT_ACCOUNT, NULL);
    html_raw(h, "</header>\n");
}

void page_begin(struct page *page, const struct site *site, const struct frame *frame)
{
    put_head(page, site, frame);
    put_header(page, site, frame);
    if (frame->before_main)
        frame->before_main(page, frame->of);
    html_raw(&page->html, "<main id=\"main\">\n");
}

void page_end(struct page *page)
{
    html_raw(&page->html,
             "</main>\n<footer><p>Phial " PHIAL_VERSION ". Every program here runs in a sandbox of "
             "its own, once. The same over HTTP: <code>POST /api/v1/runs</code>.</p></footer>\n"
             "</body>\n</html>\n");
}

/* ---- serving ---- */

void page_reply(const struct page *page, struct visit *visit, int status)
{
    struct html out = {.failed = page->html.failed};
    size_t from = 0;
    for (size_t i = 0; i < page->slot_count; i++) {
        html_raw_n(&out, page->html.text + from, page->slots[i].at - from);
        visit_slot(visit, &page->slots[i], &out);
        from = page->slots[i].at;
    }
    html_raw_n(&out, page->html.text + from, page->html.size - from);
    http_add_header(
        visit->request, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    if (out.failed) {
        static const char sorry[] = "Something went wrong in the server: it is out of memory.\n";
        html_free(&out);
        http_reply_static(visit->request, 500, "text/plain; charset=utf-8", sorry, sizeof sorry - 1);
        return;
    }
    http_reply_owned(visit->request, status, "text/html; charset=utf-8", out.text, out.size);
}
