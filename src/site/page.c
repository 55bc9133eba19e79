#include "site/internal.h"

#include <errno.h>

/* What is other than usual only where a form was sent. */
static bool is_for_forms(enum slot_kind kind)
{
    return kind == SLOT_CODE || kind == SLOT_INPUT || kind == SLOT_RESULT || kind == SLOT_EXERCISE_RESULT;
}

/* What is a visitor's own who has done nothing yet. */
static bool is_for_strangers(enum slot_kind kind)
{
    return kind == SLOT_THEME || kind == SLOT_THEME_BUTTONS || kind == SLOT_ACCOUNT;
}

void page_slot(struct page *page, enum slot_kind kind, const void *of)
{
    if (page->reader == PAGE_FOR_STRANGER ? !is_for_strangers(kind)
                                          : page->reader == PAGE_FOR_LEARNER && is_for_forms(kind)) {
        visit_slot(&(struct visit){0}, &(struct slot){.kind = kind, .of = of}, &page->html);
        return;
    }
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
    for (size_t i = 0; page->packed && i <= page->slot_count; i++)
        packed_free(&page->packed[i]);
    free(page->packed);
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

static const char *piece_of(const struct page *page, size_t index, size_t *size)
{
    size_t from = index > 0 ? page->slots[index - 1].at : 0;
    size_t to = index < page->slot_count ? page->slots[index].at : page->html.size;
    *size = to - from;
    return page->html.text + from;
}

static int pack(struct page *page)
{
    size_t size;
    if (page->html.failed)
        return -ENOMEM;
    page->packed = calloc(page->slot_count + 1, sizeof *page->packed);
    for (size_t i = 0; page->packed && i <= page->slot_count; i++) {
        const char *piece = piece_of(page, i, &size);
        if (packed_make(&page->packed[i], piece, size) < 0)
            return -ENOMEM;
    }
    return page->packed ? 0 : -ENOMEM;
}

static void fill(const struct page *page, struct visit *visit, struct html *out)
{
    size_t size;
    for (size_t i = 0; i <= page->slot_count; i++) {
        const char *piece = piece_of(page, i, &size);
        html_raw_n(out, piece, size);
        if (i < page->slot_count)
            visit_slot(visit, &page->slots[i], out);
    }
}

static void fill_packed(const struct page *page, struct visit *visit, struct html *out)
{
    struct packing packing;
    struct html own = {0};
    packing_begin(&packing, out);
    for (size_t i = 0; i < page->slot_count; i++) {
        packing_add(&packing, &page->packed[i]);
        own.size = 0;
        visit_slot(visit, &page->slots[i], &own);
        packing_store(&packing, own.text, own.size);
    }
    packing_add(&packing, &page->packed[page->slot_count]);
    packing_end(&packing);
    out->failed |= own.failed;
    html_free(&own);
}

void page_reply(const struct page *page, struct visit *visit, int status)
{
    struct html out = {.failed = page->html.failed};
    bool packed = page->packed && http_list_has(http_header(visit->request, "accept-encoding"), "gzip");
    (packed ? fill_packed : fill)(page, visit, &out);
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
    if (page->packed)
        http_add_header(visit->request, "Vary", "Accept-Encoding");
    if (packed)
        http_add_header(visit->request, "Content-Encoding", "gzip");
    http_reply_owned(visit->request, status, "text/html; charset=utf-8", out.text, out.size);
}

/* ---- pages that are kept ---- */

int pages_make(struct pages *pages, const struct site *site,
               void (*put)(struct page *page, const struct site *site, const void *of), const void *of)
{
    for (enum page_reader i = 0; i < PAGE_READERS; i++) {
        struct page *page = &pages->for_reader[i];
        *page = (struct page){.reader = i};
        put(page, site, of);
        if (pack(page) < 0)
            return -ENOMEM;
    }
    return 0;
}

void pages_reply(const struct pages *pages, struct visit *visit, int status)
{
    enum page_reader reader = visit->result.there             ? PAGE_FOR_FORM
                              : visit->session.learner.id > 0 ? PAGE_FOR_LEARNER
                                                              : PAGE_FOR_STRANGER;
    page_reply(&pages->for_reader[reader], visit, status);
}

void pages_free(struct pages *pages)
{
    for (enum page_reader i = 0; i < PAGE_READERS; i++)
        page_free(&pages->for_reader[i]);
}
