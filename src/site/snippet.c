#include "site/internal.h"

#include <stdio.h>

static void put_languages(struct html *h, const struct site *site, const struct language *chosen)
{
    html_raw(h, "<label>Language <select name=\"language\">\n");
    for (size_t i = 0; i < site->languages->count; i++) {
        const struct language *l = &site->languages->items[i];
        html_put(h, "<option value=\"%s\" data-file=\"%s\"%s>%s %s</option>\n", l->name, l->file,
                 l == chosen ? " selected" : "", l->title, l->version ? l->version : "");
    }
    html_raw(h, "</select></label>\n");
}

/* A line feed right after <textarea> is dropped by browsers, so one is written: the code keeps its own. */
static void put_field(struct page *page, const char *opening, enum slot_kind kind, const void *of)
{
    html_raw(&page->html, opening);
    html_raw(&page->html, " spellcheck=\"false\" autocapitalize=\"off\" autocomplete=\"off\">\n");
    page_slot(page, kind, of);
    html_raw(&page->html, "</textarea>\n");
}

static unsigned rows_for(const char *text)
{
    unsigned rows = 1;
    for (; text && *text; text++)
        rows += *text == '\n';
    return rows < 2 ? 2 : rows > 30 ? 30 : rows;
}

void snippet_put(struct page *page, const struct site *site, const struct snippet *s)
{
    struct html *h = &page->html;
    const struct course_block *block = s->block;
    char opening[128];
    html_put(h,
             "<section class=\"snippet%s\" id=\"%s\" data-language=\"%s\" data-file=\"%s\" data-live=\"%s\" "
             "aria-label=\"%s\"",
             s->must_fail ? " error" : "", s->id, s->language->name, s->language->file,
             s->live ? "on" : "off", block ? "Program" : "Playground");
    html_raw(h, s->must_fail ? " data-expect=\"error\">\n" : ">\n");
    const char *place = s->at ? strchr(s->at, '#') + 1 : s->id;
    html_put(h, "<form method=\"post\" action=\"/run#%s\">\n", place);
    if (block)
        html_put(h, "<input type=\"hidden\" name=\"language\" value=\"%s\">\n", s->language->name);
    else
        put_languages(h, site, s->language);
    if (s->at)
        html_put(h, "<input type=\"hidden\" name=\"at\" value=\"%s\">\n", s->at);
    snprintf(opening, sizeof opening,
             "<textarea class=\"code\" name=\"code\" aria-label=\"Code\" rows=\"%u\"",
             block ? rows_for(block->code) : 14);
    put_field(page, opening, SLOT_CODE, block);
    if (s->before && *s->before)
        html_put(h,
                 "<textarea hidden class=\"before\" name=\"before\" aria-label=\"What runs "
                 "before\">\n%s</textarea>\n",
                 s->before);
    if (block && !block->input) {
        html_raw(
            h, "<textarea class=\"stdin\" name=\"stdin\" aria-label=\"Standard input\" hidden></textarea>\n");
    } else {
        html_raw(h, "<details class=\"input\"><summary>Standard input</summary>\n");
        put_field(page, "<textarea class=\"stdin\" name=\"stdin\" aria-label=\"Standard input\" rows=\"3\"",
                  SLOT_INPUT, block);
        html_raw(h, "</details>\n");
    }
    html_raw(h, "<div class=\"bar\"><button class=\"run\">Run</button>");
    if (!block)
        html_raw(h, "<button class=\"share quiet\" formaction=\"/share\">Share</button>");
    html_raw(h, "</div>\n</form>\n"
                "<div class=\"result\" role=\"status\" aria-live=\"polite\">");
    page_slot(page, SLOT_RESULT, block);
    html_raw(h, "</div>\n</section>\n");
}
