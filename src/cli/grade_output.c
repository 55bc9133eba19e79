/* What a grading came to, for people. Texts come from inside a sandbox: nothing of them may move the
 * terminal's cursor or colours. */
#include "cli/grade.h"
#include "run/run.h"

enum { DIFF_LINES_MOST = 400 };

/* ---- texts ---- */

static bool is_control(const unsigned char *at)
{
    return (*at < ' ' && *at != '\t') || *at == 127 || (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0);
}

static void print_plain(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *at = (const unsigned char *)text + i;
        if (!is_control(at)) {
            fputc(*at, out);
            continue;
        }
        fputs("\xef\xbf\xbd", out);
        i += *at == 0xc2;
    }
}

static size_t line_length(const char *text)
{
    return strcspn(text, "\n");
}

static const char *next_line(const char *text)
{
    size_t n = line_length(text);
    return text[n] ? text + n + 1 : text + n;
}

static void print_indented(FILE *out, const char *indent, const char *text)
{
    for (; *text; text = next_line(text)) {
        fputs(indent, out);
        print_plain(out, text, line_length(text));
        fputc('\n', out);
    }
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- the difference of two texts ---- */

struct line {
    const char *text;
    size_t n;
};

static size_t split(const char *text, struct line lines[static DIFF_LINES_MOST])
{
    size_t count = 0;
    for (; *text && count < DIFF_LINES_MOST; text = next_line(text))
        lines[count++] = (struct line){text, line_length(text)};
    return *text ? SIZE_MAX : count;
}

static bool same(struct line a, struct line b)
{
    return a.n == b.n && memcmp(a.text, b.text, a.n) == 0;
}

static void print_line(FILE *out, enum style style, const char *mark, struct line line)
{
    fprintf(out, "    %s%s ", style_on(out, style), mark);
    print_plain(out, line.text, line.n);
    fprintf(out, "%s\n", style_on(out, STYLE_PLAIN));
}

/* The longest common subsequence of lines, in a table: the texts are bounded. */
static bool print_common(FILE *out, const char *expected, const char *actual)
{
    static struct line a[DIFF_LINES_MOST], b[DIFF_LINES_MOST];
    static uint16_t longest[DIFF_LINES_MOST + 1][DIFF_LINES_MOST + 1];
    size_t n = split(expected, a), m = split(actual, b), i, k;
    if (n == SIZE_MAX || m == SIZE_MAX)
        return false;
    memset(longest, 0, sizeof longest);
    for (i = n; i-- > 0;)
        for (k = m; k-- > 0;)
            longest[i][k] = same(a[i], b[k])                        ? longest[i + 1][k + 1] + 1
                            : longest[i + 1][k] > longest[i][k + 1] ? longest[i + 1][k]
                                                                    : longest[i][k + 1];
    for (i = k = 0; i < n || k < m;) {
        if (i < n && k < m && same(a[i], b[k])) {
            print_line(out, STYLE_PLAIN, " ", a[i++]);
            k++;
        } else if (i < n && (k == m || longest[i + 1][k] >= longest[i][k + 1])) {
            print_line(out, STYLE_GOOD, "-", a[i++]);
        } else {
            print_line(out, STYLE_BAD, "+", b[k++]);
        }
    }
    return true;
}

void grade_print_diff(FILE *out, const char *expected, const char *actual)
{
    bool short_ones = !strchr(expected, '\n') && !strchr(actual, '\n');
    if (!short_ones) {
        fprintf(out, "    %s- expected%s, %s+ actual%s:\n", style_on(out, STYLE_GOOD),
                style_on(out, STYLE_PLAIN), style_on(out, STYLE_BAD), style_on(out, STYLE_PLAIN));
        if (print_common(out, expected, actual))
            return;
    }
    fprintf(out, "    expected: %s", style_on(out, STYLE_GOOD));
    print_plain(out, expected, line_length(expected));
    fprintf(out, "%s%s\n    actual:   %s", style_on(out, STYLE_PLAIN), short_ones ? "" : " [...]",
            style_on(out, STYLE_BAD));
    print_plain(out, actual, line_length(actual));
    fprintf(out, "%s%s\n", style_on(out, STYLE_PLAIN), short_ones ? "" : " [...]");
}

/* ---- the list ---- */

static const struct {
    const char *status, *word;
    enum style style;
} statuses[] = {
    {"pass", "pass ", STYLE_GOOD},
    {"fail", "FAIL ", STYLE_BAD},
    {"error", "ERROR", STYLE_BAD},
    {"skip", "skip ", STYLE_DIM},
};

static void print_test(FILE *out, const json_t *test)
{
    const char *status = text_of(test, "status"), *name = text_of(test, "name");
    const char *message = text_of(test, "message"), *output = text_of(test, "output");
    const char *expected = text_of(test, "expected"), *actual = text_of(test, "actual");
    const char *input = text_of(test, "input");
    for (size_t i = 0; status && i < array_length(statuses); i++)
        if (!strcmp(status, statuses[i].status))
            fprintf(out, "%s%s%s ", style_on(out, statuses[i].style), statuses[i].word,
                    style_on(out, STYLE_PLAIN));
    print_plain(out, name ? name : "", name ? strlen(name) : 0);
    fprintf(out, "%s\n", json_is_true(json_object_get(test, "hidden")) ? " (hidden)" : "");
    if (!status || !strcmp(status, "pass"))
        return;
    print_indented(out, "    ", message ? message : "");
    if (input) {
        fputs("    with this input:\n", out);
        print_indented(out, "      ", input);
    }
    if (expected && actual)
        grade_print_diff(out, expected, actual);
    if (output && *output) {
        fputs("    its output:\n", out);
        print_indented(out, "      ", output);
    }
}

static void print_diagnostics(FILE *out, const json_t *run)
{
    size_t i;
    json_t *d;
    json_array_foreach(json_object_get(run, "diagnostics"), i, d)
    {
        const char *file = text_of(d, "file"), *severity = text_of(d, "severity"),
                   *message = text_of(d, "message");
        bool error = severity && !strcmp(severity, "error");
        fputs(style_on(out, error ? STYLE_BAD : STYLE_WARN), out);
        print_plain(out, file ? file : "", file ? strlen(file) : 0);
        if (json_integer_value(json_object_get(d, "line")) > 0)
            fprintf(out, ":%lld", (long long)json_integer_value(json_object_get(d, "line")));
        fprintf(out, ": %s:%s\n", severity ? severity : "", style_on(out, STYLE_PLAIN));
        print_indented(out, "    ", message ? message : "");
    }
}

static void print_rules(FILE *out, const json_t *rules)
{
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule)
    {
        const char *name = text_of(rule, "rule"), *kind = text_of(rule, "kind");
        bool required = kind && !strcmp(kind, "require");
        fprintf(out, "%srule %s ", style_on(out, STYLE_WARN), style_on(out, STYLE_PLAIN));
        if (!required && json_integer_value(json_object_get(rule, "line")) > 0)
            fprintf(out, "line %lld: ", (long long)json_integer_value(json_object_get(rule, "line")));
        print_plain(out, name ? name : "", name ? strlen(name) : 0);
        fputs(required ? " should be used\n" : " should not be used\n", out);
    }
}

static void print_summary(FILE *out, const json_t *answer, const char *verdict)
{
    size_t i, counts[array_length(statuses)] = {0};
    json_t *test;
    const char *reason = text_of(answer, "reason"), *judged = text_of(answer, "judged");
    bool pass = !strcmp(verdict, "pass");
    json_array_foreach(json_object_get(answer, "tests"), i, test)
    {
        const char *status = text_of(test, "status");
        for (size_t k = 0; status && k < array_length(statuses); k++)
            counts[k] += !strcmp(status, statuses[k].status);
    }
    if (reason)
        print_indented(out, "", reason);
    fprintf(out, "%s%s%s: %zu passed, %zu failed", style_on(out, pass ? STYLE_GOOD : STYLE_BAD), verdict,
            style_on(out, STYLE_PLAIN), counts[0], counts[1] + counts[2]);
    if (counts[3])
        fprintf(out, ", %zu skipped", counts[3]);
    fprintf(out, " (judged %s)\n", judged && !strcmp(judged, "output") ? "by output" : judged ? judged : "");
}

static int print_json(const json_t *answer)
{
    if (json_dumpf(answer, stdout, RUN_ANSWER_DUMP) >= 0 && putchar('\n') != EOF)
        return 0;
    fputs("phial: grade: printing the answer failed\n", stderr);
    return -1;
}

int grade_job_finish(const struct grade_job *job, const json_t *answer)
{
    const char *verdict = text_of(answer, "verdict");
    size_t i;
    json_t *test;
    if (!verdict) {
        fputs("phial: grade: the answer has no verdict\n", stderr);
        return GRADE_EXIT_ERROR;
    }
    if (job->json) {
        if (print_json(answer) < 0)
            return GRADE_EXIT_ERROR;
    } else {
        const json_t *run = json_object_get(answer, "run");
        const char *errors = text_of(run, "stderr");
        print_diagnostics(stdout, run);
        if (!strcmp(verdict, "error") && errors && json_array_size(json_object_get(run, "diagnostics")) == 0)
            print_indented(stdout, "", errors);
        json_array_foreach(json_object_get(answer, "tests"), i, test) print_test(stdout, test);
        print_rules(stdout, json_object_get(answer, "rules"));
        print_summary(stdout, answer, verdict);
    }
    return !strcmp(verdict, "pass")   ? GRADE_EXIT_PASS
           : !strcmp(verdict, "fail") ? GRADE_EXIT_FAIL
                                      : GRADE_EXIT_ERROR;
}
