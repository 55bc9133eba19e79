/* site/course_markdown: CommonMark with GFM's tables, task lists, strikethrough and links into HTML and plain
 * text. Private to the course reader.
 *
 * HTML that stands in the text is not passed on: comments are left out, anything else is a fault. The sink
 * decides about each fenced block, and may take what has been rendered so far to put something between.
 */
#ifndef PHIAL_SITE_COURSE_MARKDOWN_H
#define PHIAL_SITE_COURSE_MARKDOWN_H

#include "base/base.h"

#include <stdio.h>

struct markdown_fence {
    const char *info; /* the words behind the fence's mark, "" for none or an indented block */
    const char *code;
    unsigned line;
    bool nested; /* in a list or a quotation */
};
struct markdown_sink { /* each may be NULL; what is negative ends the reading */
    /* 1: the sink has it; 0: it is to be shown as plain code. */
    int (*fence)(void *context, const struct markdown_fence *fence);
    /* A heading comes: what was plain text until now belongs to the one before. */
    int (*heading)(void *context, unsigned level, const char *id, const char *title, unsigned line);
    /* The address of a link, without entities; a fresh address to put in its place, or NULL to keep it. */
    char *(*link)(void *context, const char *address, unsigned line);
    void (*fault)(void *context, unsigned line, const char *text);
};

struct markdown_stream { /* a text that grows */
    FILE *file;
    char *data;
    size_t size;
};
struct markdown {
    const struct markdown_sink *sink;
    void *context;
    unsigned first_line; /* of the text, in its file */
    char **ids;          /* that headings may not have any more; the caller may fill in some */
    /* The state of the reading: */
    const char *text, *at; /* `at`: the last place known */
    size_t size;
    unsigned at_line;
    struct markdown_stream html, plain, heading, title, block;
    char *info;
    unsigned block_line, nesting;
    bool in_heading, in_block;
};
/* Renders `text`, valid UTF-8 without zero bytes. 0, -ENOMEM, or what the sink returned. */
int markdown_read(struct markdown *m, const char *text, size_t size);
/* What has been rendered since the last time; NULL when out of memory. The caller frees it. */
char *markdown_take_html(struct markdown *m);
char *markdown_take_plain(struct markdown *m);
/* Frees the state, `ids` too. */
void markdown_free(struct markdown *m);

#endif
