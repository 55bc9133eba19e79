/* `phial grade`: judges a solution by tests or by its output; through a server's socket or with an executor
 * of its own. */
#ifndef PHIAL_CLI_GRADE_H
#define PHIAL_CLI_GRADE_H

#include "cli/cli.h"
#include "language/language.h"
#include "settings/settings.h"

#include <jansson.h>

/* What `phial grade` exits with. */
enum { GRADE_EXIT_PASS = 0, GRADE_EXIT_FAIL = 1, GRADE_EXIT_USAGE = 2, GRADE_EXIT_ERROR = 3 };

struct grade_job {
    struct settings settings;
    struct languages languages; /* empty where they cannot be read: the server knows them */
    json_t *body;               /* of POST /api/v1/grade */
    bool json;
};
/* Both return the exit code (grade_run.c). */
int grade_job_server(struct grade_job *job);
int grade_job_local(struct grade_job *job);
/* Prints the answer and returns the exit code (grade_output.c). */
int grade_job_finish(const struct grade_job *job, const json_t *answer);
/* Two texts line by line on `out`: what is missing and what is too much (grade_output.c). */
void grade_print_diff(FILE *out, const char *expected, const char *actual);

#endif
