#include "site/html.h"

#include <stdarg.h>
#include <stdio.h>

static char *html_grow(struct html *h, size_t n)
{
    if (h->failed)
        return NULL;
    if (n > h->room - h->size) {
        size_t room = h->room ? h->room : 4096;
        while (room - h->size < n)
            room *= 2;
        char *more = realloc(h->text, room);
        if (!more) {
            h->failed = true;
            return NULL;
        }
        h->text = more;
        h->room = room;
    }
    h->size += n;
    return h->text + h->size - n;
}

void html_raw_n(struct html *h, const char *html, size_t n)
{
    char *to = n > 0 ? html_grow(h, n) : NULL;
    if (to)
        memcpy(to, html, n);
}

void html_raw(struct html *h, const char *html)
{
    html_raw_n(h, html, strlen(html));
}

static const char *reference(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case 0:
        return "\xef\xbf\xbd"; /* HTML has no zero character */
    default:
        return NULL;
    }
}

void html_text_n(struct html *h, const char *text, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *with = reference(text[i]);
        if (!with)
            continue;
        html_raw_n(h, text + from, i - from);
        html_raw(h, with);
        from = i + 1;
    }
    html_raw_n(h, text + from, n - from);
}

void html_text(struct html *h, const char *text)
{
    if (text)
        html_text_n(h, text, strlen(text));
}

void html_put(struct html *h, const char *format, ...)
{
    va_list arguments;
    char number[64];
    va_start(arguments, format);
    for (const char *at = format; *at;) {
        size_t n = strcspn(at, "%");
        html_raw_n(h, at, n);
        at += n;
        *number = 0;
        if (!strncmp(at, "%s", 2))
            html_text(h, va_arg(arguments, const char *));
        else if (!strncmp(at, "%u", 2))
            snprintf(number, sizeof number, "%u", va_arg(arguments, unsigned));
        else if (!strncmp(at, "%zu", 3))
            snprintf(number, sizeof number, "%zu", va_arg(arguments, size_t));
        else if (!strncmp(at, "%.1f", 4))
            snprintf(number, sizeof number, "%.1f", va_arg(arguments, double));
        else if (!strncmp(at, "%%", 2))
            html_raw(h, "%");
        else if (*at)
            abort(); /* a format of this room's own that it does not know */
        html_raw(h, number);
        at += !*at ? 0 : at[1] == 'z' ? 3 : at[1] == '.' ? 4 : 2;
    }
    va_end(arguments);
}

void html_free(struct html *h)
{
    free(h->text);
    *h = (struct html){0};
}
