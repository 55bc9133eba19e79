/* Cases: what a run printed, or what a call evaluated to, against what is expected. */
#include "grade/grade.h"

#include <errno.h>
#include <stdio.h>

/* ---- texts ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* The next line without white space at its end; *text moves behind it. False when there is nothing left but
 * white space and empty lines. */
static bool next_line(const char **text, const char **line, size_t *length)
{
    const char *at = *text;
    if (at[strspn(at, " \t\r\f\v\n")] == 0)
        return false;
    size_t n = strcspn(at, "\n");
    *text = at + n + (at[n] == '\n');
    while (n > 0 && is_space(at[n - 1]))
        n--;
    *line = at;
    *length = n;
    return true;
}

bool grade_same_text(const char *expected, const char *actual)
{
    for (;;) {
        const char *a = NULL, *b = NULL;
        size_t n = 0, m = 0;
        bool more_expected = next_line(&expected, &a, &n), more_actual = next_line(&actual, &b, &m);
        if (!more_expected || !more_actual)
            return more_expected == more_actual;
        if (n != m || memcmp(a, b, n) != 0)
            return false;
    }
}

/* Without white space around it. */
static bool same_value(const char *expected, const char *actual)
{
    expected += strspn(expected, " \t\r\f\v\n");
    actual += strspn(actual, " \t\r\f\v\n");
    return grade_same_text(expected, actual);
}

/* ---- one case ---- */

/* A copy that fits into an answer: cut between characters, and so marked. */
static char *shown(const char *text, size_t n, size_t most)
{
    static const char mark[] = "\n[...]";
    size_t keep = n;
    if (n > most) {
        keep = most - strlen(mark);
        while (keep > 0 && ((unsigned char)text[keep] & 0xc0) == 0x80)
            keep--;
    }
    char *copy = malloc(keep + sizeof mark);
    if (!copy)
        return NULL;
    memcpy(copy, text, keep);
    memcpy(copy + keep, mark, n > most ? sizeof mark : 0);
    if (n <= most)
        copy[n] = 0;
    return copy;
}

/* What a run that did not end well is told to have done; NULL when it did. */
static const char *how_it_ended(const struct run_outcome *outcome, enum run_status status,
                                char text[static 80])
{
    switch (status) {
    case RUN_ok:
        return NULL;
    case RUN_compile_error:
        return "it does not compile";
    case RUN_timeout:
        return "its time was over";
    case RUN_memory:
        return "it wanted more memory than it may have";
    case RUN_output_limit:
        return "it wrote more than it may";
    case RUN_killed:
        return "the sandbox stopped it";
    case RUN_error:
        break;
    }
    if (outcome->result->signaled)
        snprintf(text, 80, "signal %d ended it", outcome->result->code);
    else
        snprintf(text, 80, "it ended with exit code %d", outcome->result->code);
    return text;
}

/* What is compared: a value that the harness told, else what was printed. NUL bytes become U+FFFD, so that
 * nothing stands behind the end of a text. */
static char *found_text(const struct grade_case *c, const struct run_outcome *outcome, const char *value,
                        size_t *n)
{
    if (c->call && value) {
        *n = strlen(value);
        return strdup(value);
    }
    const char *out = outcome->out_size > 0 ? (const char *)outcome->out : "";
    cleanup_free char *plain = utf8_replace(out, outcome->out_size, n);
    char *text = NULL;
    size_t size;
    FILE *to = plain ? open_memstream(&text, &size) : NULL;
    if (!to)
        return NULL;
    for (size_t i = 0; i < *n; i++)
        plain[i] ? fputc(plain[i], to) : fputs("\xef\xbf\xbd", to);
    if (fclose(to) != 0) {
        free(text);
        return NULL;
    }
    *n = size;
    return text;
}

static int judge(struct grade_test *test, const struct grade_case *c, const struct run_outcome *outcome,
                 const struct report *report)
{
    char ending[80];
    enum run_status status = run_final_status(outcome->result, report);
    const char *why = how_it_ended(outcome, status, ending), *wanted = c->call ? c->value : c->output;
    size_t n;
    cleanup_free char *found = found_text(c, outcome, report->value, &n);
    if (!found)
        return -ENOMEM;
    bool same = c->call ? same_value(wanted, found) : grade_same_text(wanted, found);
    test->ms = (double)outcome->result->wall_us / 1000;
    test->status = why ? GRADE_STATUS_error : same ? GRADE_STATUS_pass : GRADE_STATUS_fail;
    if (test->status == GRADE_STATUS_pass || test->hidden)
        return 0;
    test->message = strdup(why ? why : c->call ? "the value is another" : "the output is another");
    if (status == RUN_compile_error)
        return test->message ? 0 : -ENOMEM;
    test->expected = shown(wanted, strlen(wanted), GRADE_VALUE_MOST);
    test->actual = shown(found, n, GRADE_VALUE_MOST);
    test->input = c->input ? shown(c->input, c->input_size, GRADE_VALUE_MOST) : NULL;
    return test->message && test->expected && test->actual && (test->input || !c->input) ? 0 : -ENOMEM;
}

static char *case_name(const struct grade_case *c, size_t index)
{
    char *name = NULL;
    if (c->name)
        return strdup(c->name);
    if (c->call)
        return shown(c->call, strcspn(c->call, "\n"), GRADE_NAME_MOST);
    return asprintf(&name, "case %zu", index + 1) < 0 ? NULL : name;
}

static int plan_cases(struct grade_results *r)
{
    r->tests = calloc(r->request->case_count, sizeof *r->tests);
    if (!r->tests)
        return -ENOMEM;
    r->planned = true;
    for (; r->test_count < r->request->case_count; r->test_count++) {
        const struct grade_case *c = &r->request->cases[r->test_count];
        r->tests[r->test_count] = (struct grade_test){
            .name = case_name(c, r->test_count), .hidden = c->hidden, .task = -1, .ms = -1};
        if (!r->tests[r->test_count].name)
            return -ENOMEM;
    }
    return 0;
}

int grade_case_done(struct grade_results *r, size_t index, const struct run_outcome *outcome)
{
    struct report report = {0};
    int e = r->planned ? 0 : plan_cases(r);
    if (e == 0 && !outcome) {
        r->tests[index].status = GRADE_STATUS_error;
        r->tests[index].message = strdup("it was not run: the time of all cases together was over");
        e = r->tests[index].message ? 0 : -ENOMEM;
    } else if (e == 0) {
        e = report_parse(&report, outcome->report, outcome->report_size);
        if (e == 0)
            e = judge(&r->tests[index], &r->request->cases[index], outcome, &report);
        r->compile_error |= e == 0 && run_final_status(outcome->result, &report) == RUN_compile_error;
        grade_results_feed_report(r, outcome->report, outcome->report_size);
        report_free(&report);
    }
    r->no_memory |= e < 0;
    r->ended = index + 1 == r->request->case_count;
    return e;
}
