/* What the runs tell: one JSON object a line, read as if the learner had written it. What no honest runner
 * says is remembered as a fault, and then there is no pass; what is too long is left out. */
#include "grade/grade.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { FILE_NAME_MOST = RUN_FILE_NAME_MOST, TASK_MOST = 1000000, NOTES_MOST = 256 };

static void set_fault(struct grade_results *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void set_fault(struct grade_results *r, const char *format, ...)
{
    va_list list;
    if (r->fault[0])
        return;
    va_start(list, format);
    vsnprintf(r->fault, sizeof r->fault, format, list);
    va_end(list);
}

/* ---- fields ---- */

/* A copy of a text of the object; NULL when it is missing, no text, or over its bound. */
static char *take_text(struct grade_results *r, const json_t *object, const char *name, size_t most)
{
    const json_t *text = json_object_get(object, name);
    size_t n = json_string_length(text);
    if (!json_is_string(text) || n > most || n > GRADE_TEXTS_MOST - r->text_bytes)
        return NULL;
    char *copy = strdup(json_string_value(text));
    r->no_memory |= !copy;
    r->text_bytes += n;
    return copy;
}

static int64_t take_number(const json_t *object, const char *name, int64_t most, int64_t otherwise)
{
    const json_t *number = json_object_get(object, name);
    json_int_t value = json_is_integer(number) ? json_integer_value(number) : -1;
    return value >= 0 && value <= most ? value : otherwise;
}

static double take_milliseconds(const json_t *object)
{
    const json_t *number = json_object_get(object, "ms");
    double value = json_number_value(number);
    return json_is_number(number) && isfinite(value) && value >= 0 && value < 1e9 ? value : -1;
}

/* ---- the plan ---- */

/* A test is hidden when its file is, and when something is hidden and nobody can tell where it stands. */
static bool is_hidden(const struct grade_request *request, const char *file)
{
    const struct grade_files *tests = &request->parts[GRADE_TESTS];
    bool any = false;
    for (size_t i = 0; i < tests->count; i++) {
        if (file && !strcmp(file, tests->items[i].name))
            return tests->items[i].hidden;
        any |= tests->items[i].hidden;
    }
    return any;
}

static void take_planned(struct grade_results *r, const json_t *item)
{
    struct grade_test *test = &r->tests[r->test_count];
    char *name = take_text(r, item, "name", GRADE_NAME_MOST);
    if (!name) {
        set_fault(r, "a test of the plan has no name that could be shown");
        return;
    }
    *test = (struct grade_test){
        .name = name,
        .file = take_text(r, item, "file", FILE_NAME_MOST),
        .line = (uint32_t)take_number(item, "line", INT32_MAX, 0),
        .task = take_number(item, "task", TASK_MOST, -1),
        .ms = -1,
    };
    test->hidden = is_hidden(r->request, test->file);
    r->test_count++;
}

static void read_plan(struct grade_results *r, const json_t *list)
{
    size_t i;
    json_t *item;
    if (r->planned || !json_is_array(list) || json_array_size(list) > GRADE_TESTS_MOST) {
        set_fault(r, r->planned ? "there are two plans" : "the plan is no list of at most %d tests",
                  GRADE_TESTS_MOST);
        return;
    }
    r->planned = true;
    r->tests = calloc(json_array_size(list) + 1, sizeof *r->tests);
    r->no_memory |= !r->tests;
    json_array_foreach(list, i, item)
    {
        if (r->tests)
            take_planned(r, item);
    }
}

/* ---- one test's result ---- */

static enum grade_status status_of(const json_t *value)
{
    const char *name = json_string_value(value);
    for (int status = GRADE_STATUS_pass; name && status <= GRADE_STATUS_skip; status++)
        if (!strcmp(name, grade_status_name((enum grade_status)status)))
            return (enum grade_status)status;
    return GRADE_STATUS_missing;
}

static void read_test(struct grade_results *r, const json_t *object)
{
    int64_t index = take_number(object, "index", GRADE_TESTS_MOST, -1);
    enum grade_status status = status_of(json_object_get(object, "status"));
    if (index < 0 || (uint64_t)index >= r->test_count || status == GRADE_STATUS_missing) {
        set_fault(r, "a result is of no test of the plan, or has no status");
        return;
    }
    struct grade_test *test = &r->tests[index];
    r->running = true;
    if (test->status != GRADE_STATUS_missing) {
        set_fault(r, "there are two results of test %lld", (long long)index);
        return;
    }
    test->status = status;
    test->ms = take_milliseconds(object);
    if (test->hidden)
        return;
    test->message = take_text(r, object, "message", GRADE_MESSAGE_MOST);
    test->expected = take_text(r, object, "expected", GRADE_VALUE_MOST);
    test->actual = take_text(r, object, "actual", GRADE_VALUE_MOST);
    test->output = take_text(r, object, "output", GRADE_OUTPUT_MOST);
}

/* ---- the rest ---- */

static bool has_file(const struct grade_files *files, const char *name)
{
    for (size_t i = 0; name && i < files->count; i++)
        if (!strcmp(files->items[i].name, name))
            return true;
    return false;
}

/* Diagnostics are kept as they are, for the answer's `run`, which reads them as it does any report. */
static void read_diagnostic(struct grade_results *r, const json_t *object)
{
    /* What is told while tests run may be the solution's word about what it was called with. */
    if (!json_is_object(object) || (r->running && is_hidden(r->request, NULL)))
        return;
    char *line = json_dumps(object, JSON_COMPACT);
    size_t n = line ? strlen(line) : 0;
    const char *file = json_string_value(json_object_get(object, "file"));
    const char *severity = json_string_value(json_object_get(object, "severity"));
    bool tells_hidden = is_hidden(r->request, file) && !has_file(&r->request->parts[GRADE_SOLUTION], file);
    r->tests_broken |=
        severity && !strcmp(severity, "error") && has_file(&r->request->parts[GRADE_TESTS], file);
    if (line && !tells_hidden && r->text_bytes + n <= GRADE_TEXTS_MOST) {
        const char *pieces[] = {"{\"diagnostic\":", line, "}\n"};
        r->text_bytes += n;
        for (size_t i = 0; i < array_length(pieces); i++)
            pack_raw(&r->notes, pieces[i], strlen(pieces[i]));
    }
    r->no_memory |= !line || r->notes.failed;
    free(line);
}

static void read_compile_error(struct grade_results *r, const json_t *value)
{
    r->compile_error |= json_is_true(value);
}

static void read_rule(struct grade_results *r, const json_t *object)
{
    const char *kind = json_string_value(json_object_get(object, "kind"));
    bool required = kind && !strcmp(kind, "require");
    if (r->broken_count == GRADE_BROKEN_MOST || !kind || (!required && strcmp(kind, "forbid") != 0))
        return;
    char *rule = take_text(r, object, "rule", GRADE_RULE_BYTES_MOST);
    bool asked = false;
    for (char **word = required ? r->request->require : r->request->forbid; rule && word && *word; word++)
        asked |= !strcmp(*word, rule);
    if (!asked) {
        free(rule);
        return;
    }
    r->broken[r->broken_count++] = (struct grade_broken){
        .rule = rule, .required = required, .line = (uint32_t)take_number(object, "line", INT32_MAX, 0)};
}

static void read_together(struct grade_results *r, const json_t *value)
{
    if (r->judged != GRADE_APART || !json_is_string(value) || json_string_length(value) > GRADE_VALUE_MOST) {
        set_fault(r, "it asks for what it has or cannot have: one run for both");
        return;
    }
    free(r->together);
    r->together = strdup(json_string_value(value));
    r->no_memory |= !r->together;
}

static void read_end(struct grade_results *r, const json_t *value)
{
    if (!r->planned || !json_is_true(value))
        set_fault(r, "it ends without a plan");
    else
        r->ended = true;
}

static const struct {
    const char *name;
    void (*read)(struct grade_results *r, const json_t *value);
    bool of_tests; /* a case has no runner that could tell this */
} kinds[] = {
    {"plan", read_plan, true},
    {"test", read_test, true},
    {"diagnostic", read_diagnostic, true},
    {"compile_error", read_compile_error, true},
    {"rule", read_rule, false},
    {"together", read_together, true},
    {"end", read_end, true},
};

static void read_object(struct grade_results *r, const json_t *object)
{
    if (r->ended) {
        set_fault(r, "something was told after the end");
        return;
    }
    for (size_t i = 0; i < array_length(kinds); i++) {
        const json_t *value = json_object_get(object, kinds[i].name);
        if (value && (!kinds[i].of_tests || r->judged != GRADE_OUTPUT))
            kinds[i].read(r, value);
    }
}

/* ---- lines ---- */

enum source { LINES, REPORT, MARKED }; /* an object a line; in {"grade": ...}; behind the request's mark */

static void read_line(struct grade_results *r, const uint8_t *line, size_t size, enum source source)
{
    size_t mark = source == MARKED ? strlen(r->request->mark) : 0;
    if (size == 0 || size < mark || memcmp(line, r->request->mark, mark) != 0)
        return;
    json_t *object = json_loadb((const char *)line + mark, size - mark, JSON_REJECT_DUPLICATES, NULL);
    const json_t *told = source == REPORT ? json_object_get(object, "grade") : object;
    if (json_is_object(told))
        read_object(r, told);
    json_decref(object);
}

static void feed(struct grade_results *r, const void *data, size_t size, enum source source)
{
    const uint8_t *at = data;
    while (size > 0) {
        const uint8_t *newline = memchr(at, '\n', size);
        size_t n = newline ? (size_t)(newline - at) : size;
        r->line_too_long |= n > GRADE_LINE_MOST - r->line.size;
        if (!r->line_too_long)
            pack_raw(&r->line, at, n);
        if (!newline)
            return;
        if (r->line_too_long)
            set_fault(r, "a line is too long");
        else if (r->line.failed)
            r->no_memory = true;
        else
            read_line(r, r->line.data, r->line.size, source);
        r->line.size = 0;
        r->line_too_long = false;
        at += n + 1;
        size -= n + 1;
    }
}

void grade_results_begin(struct grade_results *r, const struct grade_request *request,
                         enum grade_judged judged)
{
    *r = (struct grade_results){.request = request, .judged = judged};
    r->broken = calloc(GRADE_BROKEN_MOST, sizeof *r->broken);
    r->no_memory = !r->broken;
}

void grade_results_feed(struct grade_results *r, const void *data, size_t size)
{
    if (!r->no_memory)
        feed(r, data, size, LINES);
}

void grade_results_feed_report(struct grade_results *r, const void *data, size_t size)
{
    if (!r->no_memory)
        feed(r, data, size, REPORT);
}

void grade_results_feed_marked(struct grade_results *r, const void *data, size_t size)
{
    if (!r->no_memory)
        feed(r, data, size, MARKED);
}

void grade_results_free(struct grade_results *r)
{
    for (size_t i = 0; i < r->test_count; i++) {
        const struct grade_test *t = &r->tests[i];
        char *texts[] = {t->name, t->file, t->message, t->expected, t->actual, t->output, t->input};
        for (size_t k = 0; k < array_length(texts); k++)
            free(texts[k]);
    }
    for (size_t i = 0; i < r->broken_count; i++)
        free(r->broken[i].rule);
    free(r->tests);
    free(r->broken);
    free(r->together);
    packer_free(&r->notes);
    packer_free(&r->line);
    *r = (struct grade_results){0};
}
