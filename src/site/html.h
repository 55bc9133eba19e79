/* site/html: writes HTML. What is not a literal is escaped, always. */
#ifndef PHIAL_SITE_HTML_H
#define PHIAL_SITE_HTML_H

#include "base/base.h"

/* After a failed allocation `failed` is set and all later calls do nothing, so that a caller checks once, at
 * the end. */
struct html {
    char *text; /* not zero-ended */
    size_t size, room;
    bool failed;
};
/* Bytes that are HTML already. */
void html_raw(struct html *h, const char *html);
void html_raw_n(struct html *h, const char *html, size_t n);
/* Text: & < > " ' become character references, a zero character U+FFFD. NULL is nothing. */
void html_text(struct html *h, const char *text);
void html_text_n(struct html *h, const char *text, size_t n);
/* The format is HTML; %s is text, escaped as above (also within "" of an attribute); %u, %zu and %.1f are
 * numbers; %% is a percent sign. There is nothing else. */
void html_put(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_free(struct html *h);

#endif
