/* `phial course check`: every snippet, every reference solution and every stub is run. */
#ifndef PHIAL_CLI_COURSE_CHECK_H
#define PHIAL_CLI_COURSE_CHECK_H

#include "api/judge.h"
#include "cli/course.h"
#include "executor/executor.h"

enum check_kind { CHECK_SNIPPET, CHECK_SOLUTION, CHECK_STUB };

struct check_job {
    struct check *check;
    enum check_kind kind;
    const struct course_lesson *lesson;
    const struct course_block *block;
    struct packer streams[3]; /* of a snippet: what each (enum run_stream) has given */
    struct ticket *ticket;    /* while it runs; of an exercise: */
    struct judge *judge;
    bool slow;         /* it took longer than live mode lets it */
    bool alone;        /* it is not to be run once more, alone */
    char *first_fault; /* what was wrong when it ran beside others */
    /* What is wrong, in words; NULL when nothing is. */
    char *fault;
    const char *file; /* where */
    unsigned line;
};
struct check {
    struct course_command *command;
    struct course course;
    struct course_faults faults; /* of reading */
    struct check_job *jobs;
    size_t job_count, done, failed;
    uint64_t started_ns;
    const char *language; /* the only one, or NULL */
};

/* course_judge.c: what an answer (docs/api.md) says of a job; sets its fault. */
void check_judge(struct check_job *job, const json_t *answer);
/* It could not be run. */
void check_fault(struct check_job *job, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* course_run.c: runs all jobs as a client of the executor behind `sock`; the local_client of local.h. */
int check_client(void *check, int sock);
/* course_check.c: prints what came of it; the exit code. */
int check_report(const struct check *check);

#endif
