/* What the answer of a run or a grading says of a course. */
#include "cli/course_check.h"
#include "grade/grade.h"

#include <stdarg.h>

enum { SHOWN_MOST = 2000, LIVE_MS = 1000 };

void check_fault(struct check_job *job, const char *file, unsigned line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    free(job->fault);
    if (vasprintf(&job->fault, format, args) < 0)
        abort();
    va_end(args);
    job->file = file;
    job->line = line;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- snippets ---- */

/* The line, in the lesson's file, that the first error among the diagnostics is of. */
static unsigned line_of_error(const struct course_block *b, const json_t *answer)
{
    size_t i;
    const json_t *diagnostic;
    json_array_foreach(json_object_get(answer, "diagnostics"), i, diagnostic)
    {
        unsigned line = (unsigned)json_integer_value(json_object_get(diagnostic, "line"));
        if (!strcmp(text_of(diagnostic, "severity"), "error") && line > b->before_lines)
            return b->line + line - b->before_lines;
    }
    return b->line;
}

static void fault_of_end(struct check_job *job, const json_t *answer)
{
    const struct course_block *b = job->block;
    const char *errors = text_of(answer, "stderr");
    check_fault(job, job->lesson->file, line_of_error(b, answer), "the snippet ended with %s%s%.*s",
                text_of(answer, "status"), *errors ? ":\n" : "", SHOWN_MOST, errors);
}

/* The first line in which two texts differ, white space at the ends of lines aside. */
static unsigned first_difference(const char *a, const char *b)
{
    for (unsigned line = 1;; line++) {
        size_t n = strcspn(a, "\n"), m = strcspn(b, "\n"), end_a = n, end_b = m;
        while (end_a && strchr(" \t\r", a[end_a - 1]))
            end_a--;
        while (end_b && strchr(" \t\r", b[end_b - 1]))
            end_b--;
        if (end_a != end_b || memcmp(a, b, end_a) != 0)
            return line;
        if (!a[n] || !b[m])
            return line + 1;
        a += n + 1;
        b += m + 1;
    }
}

static void judge_run(struct check_job *job, const json_t *answer)
{
    const struct course_block *b = job->block;
    const char *output = text_of(answer, "stdout");
    if (strcmp(text_of(answer, "status"), "ok") != 0)
        fault_of_end(job, answer);
    else if (b->output && !grade_same_text(b->output, output))
        check_fault(job, job->lesson->file, b->output_line + first_difference(b->output, output),
                    "the snippet prints something else:\n%.*s", SHOWN_MOST, output);
    double wall = json_number_value(json_object_get(json_object_get(answer, "usage"), "wall_ms"));
    job->slow = !job->fault && b->live && wall > LIVE_MS;
}

/* The texts compared line by line, white space at the ends of lines aside: `part` must be a run of whole
 * lines, or a part of one line. */
static bool text_has(const char *whole, const char *part)
{
    size_t n = strlen(part);
    while (n && strchr(" \t\r\n", part[n - 1]))
        n--;
    return memmem(whole, strlen(whole), part, n) != NULL;
}

static bool message_has(const json_t *answer, const char *part)
{
    size_t i;
    const json_t *diagnostic;
    if (text_has(text_of(answer, "stderr"), part) || text_has(text_of(answer, "stdout"), part))
        return true;
    json_array_foreach(json_object_get(answer, "diagnostics"), i, diagnostic)
    {
        if (text_has(text_of(diagnostic, "message"), part))
            return true;
    }
    return false;
}

static void judge_error(struct check_job *job, const json_t *answer)
{
    const struct course_block *b = job->block;
    const char *status = text_of(answer, "status");
    if (!strcmp(status, "ok"))
        check_fault(job, job->lesson->file, b->line, "the snippet must fail, but ended with ok");
    else if (strcmp(status, "error") != 0 && strcmp(status, "compile_error") != 0)
        check_fault(job, job->lesson->file, b->line, "the snippet must fail by an error, but ended with %s",
                    status);
    else if (b->output && !message_has(answer, b->output))
        check_fault(job, job->lesson->file, b->output_line, "the snippet's message is another:\n%.*s",
                    SHOWN_MOST, text_of(answer, "stderr"));
}

/* ---- exercises ---- */

/* The first test that did not pass, in words; empty when all did. */
static void first_failure(const json_t *answer, char *text, size_t room)
{
    size_t i;
    const json_t *test;
    const char *errors = text_of(json_object_get(answer, "run"), "stderr");
    json_array_foreach(json_object_get(answer, "tests"), i, test)
    {
        const char *status = text_of(test, "status");
        if (!strcmp(status, "pass") || !strcmp(status, "skip"))
            continue;
        snprintf(text, room, ": %s: %s\n%s", text_of(test, "name"), status, text_of(test, "message"));
        return;
    }
    snprintf(text, room, "%s%s\n%s", *text_of(answer, "reason") ? ": " : "", text_of(answer, "reason"),
             errors);
}

static void judge_solution(struct check_job *job, const json_t *answer)
{
    const struct course_exercise *e = job->block->exercise;
    const char *verdict = text_of(answer, "verdict");
    const json_t *broken = json_array_get(json_object_get(answer, "rules"), 0);
    char why[SHOWN_MOST] = "";
    if (strcmp(verdict, "pass") != 0) {
        first_failure(answer, why, sizeof why);
        check_fault(job, e->folder, 0, "the reference solution does not pass (%s)%s", verdict, why);
    } else if (broken) {
        check_fault(job, e->folder, 0, "the reference solution breaks a rule of its own: %s %s, line %d",
                    text_of(broken, "kind"), text_of(broken, "rule"),
                    (int)json_integer_value(json_object_get(broken, "line")));
    } else if (e->together && !strcmp(text_of(answer, "judged"), "apart")) {
        check_fault(job, e->folder, 0,
                    "together: true is not needed, and would let solutions reach the tests");
    }
}

static void judge_stub(struct check_job *job, const json_t *answer)
{
    if (!strcmp(text_of(answer, "verdict"), "pass"))
        check_fault(job, job->block->exercise->folder, 0,
                    "the stub passes all tests: there is nothing to do");
}

void check_judge(struct check_job *job, const json_t *answer)
{
    switch (job->kind) {
    case CHECK_SNIPPET:
        if (job->block->kind == COURSE_RUN)
            judge_run(job, answer);
        else
            judge_error(job, answer);
        break;
    case CHECK_SOLUTION:
        judge_solution(job, answer);
        break;
    case CHECK_STUB:
        judge_stub(job, answer);
        break;
    }
}
