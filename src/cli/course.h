/* `phial course`: what its files share. */
#ifndef PHIAL_CLI_COURSE_H
#define PHIAL_CLI_COURSE_H

#include "cli/cli.h"
#include "cli/settings_options.h"
#include "language/language.h"
#include "site/course.h"

struct course_command {
    const struct command *command;
    struct settings_options options;
    struct settings settings;
    struct languages languages;
    const char *listen; /* preview: HOST:PORT; NULL for the standard */
    bool json;
};

/* Each returns the exit code. */
int course_check(struct course_command *c, const char *dir);
int course_new(const struct course_command *c, const char *dir);
int course_preview(struct course_command *c, const char *dir);
int course_import(const struct course_command *c, const char *kind, const char *from, const char *to);

/* A new course's folder must have the name of a course. */
int course_check_name(const char *dir, struct error *err);

/* Prints "file:line: text" on standard error, with a style on a terminal. */
void course_print_fault(const char *file, unsigned line, const char *text);

/* ---- writing course files (course_write.c), all below one folder ---- */

/* Makes the folder DIR, which must not be there, or be empty. */
int course_make_folder(const char *dir, struct error *err);
/* Writes DIR/NAME and makes the folders that lead to it. An existing file is an error. */
int course_write(const char *dir, const char *name, const void *data, size_t size, struct error *err);

#endif
