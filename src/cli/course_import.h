/* `phial course import`: what its two kinds share. */
#ifndef PHIAL_CLI_COURSE_IMPORT_H
#define PHIAL_CLI_COURSE_IMPORT_H

#include "cli/course.h"

/* Markdown of elsewhere into Markdown that a lesson may hold (course_convert.c): pictures become links, HTML
 * becomes text, comments go, fences keep their first word. */
struct conversion {
    unsigned deeper; /* headings get so many levels more; with 0, only those of the first level get one */
    /* A fence that is not to be taken as it is: gets its language and its code. NULL: none. */
    bool (*fence)(void *context, FILE *out, const char *language, const char *code);
    /* A comment of one line, without its marks. NULL: not asked. */
    void (*comment)(void *context, const char *text);
    void *context;
};
void course_convert(FILE *out, const char *markdown, const struct conversion *conversion);

/* A text as a value of YAML: a double-quoted string. */
void course_put_yaml(FILE *out, const char *text);
/* course.yaml; language is a language's own name. */
int course_write_yaml(const char *dir, const char *title, const char *language, const char *summary,
                      struct error *err);
/* "two-fer" from "Two Fer!": letters, digits and hyphens. */
void course_make_name(const char *text, char name[static COURSE_NAME_MOST + 1]);

/* A text that is written with stdio, then taken as a file. */
struct course_text {
    FILE *out;
    char *data;
    size_t size;
};
int course_text_begin(struct course_text *text, struct error *err);
/* Writes it to DIR/NAME and frees it. */
int course_text_end(struct course_text *text, const char *dir, const char *name, struct error *err);

int course_import_exercism(const struct course_command *c, const char *from, const char *to,
                           struct error *err);
int course_import_livebook(const struct course_command *c, const char *from, const char *to,
                           struct error *err);

#endif
