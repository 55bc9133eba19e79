/* What the harness reported: one JSON object a line, written inside a box by who knows whom. What does not
 * fit is left out. Only the unprivileged side runs this. */
#include "run/run.h"

#include <errno.h>

enum {
    /* A line holds one text; each of its bytes may be written as six ("\u001b"), and names stand around it. A
     * longer line is not even parsed: a parsed one may take some forty times its size in memory for a moment.
     */
    LINE_MOST = 6 * REPORT_VALUE_MOST + 1024,
    LINES_MOST = 4 * (REPORT_TRACE_MOST + REPORT_DIAGNOSTICS_MOST),
};

/* Characters, not bytes. */
static size_t text_length(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static uint32_t read_position(const json_t *object, const char *name)
{
    json_t *number = json_object_get(object, name);
    json_int_t value = json_is_integer(number) ? json_integer_value(number) : 0;
    return value > 0 && value <= INT32_MAX ? (uint32_t)value : 0;
}

/* A string of the object, or NULL when it is missing, no string or too long. */
static const char *read_text(const json_t *object, const char *name, size_t most)
{
    json_t *text = json_object_get(object, name);
    if (!json_is_string(text) || json_string_length(text) > most)
        return NULL;
    return json_string_value(text);
}

static int read_compile_error(struct report *r, const json_t *value)
{
    if (json_is_true(value))
        r->compile_error = true;
    return 0;
}

static int read_value(struct report *r, const json_t *value)
{
    if (!json_is_string(value) || json_string_length(value) > REPORT_VALUE_MOST)
        return 0;
    char *copy = strdup(json_string_value(value));
    if (!copy)
        return -ENOMEM;
    free(r->value);
    r->value = copy;
    return 0;
}

static int read_traced(struct report *r, const json_t *value)
{
    const char *text = read_text(value, "value", REPORT_VALUE_MOST);
    uint32_t line = read_position(value, "line");
    if (!text || line == 0 || text_length(text) > REPORT_TRACE_VALUE_MOST ||
        r->value_count == REPORT_TRACE_MOST)
        return 0;
    if (!r->values && !(r->values = calloc(REPORT_TRACE_MOST, sizeof *r->values)))
        return -ENOMEM;
    char *copy = strdup(text);
    if (!copy)
        return -ENOMEM;
    r->values[r->value_count++] = (struct report_value){line, copy};
    return 0;
}

static bool severity_known(const char *severity)
{
    static const char *const known[] = {"error", "warning", "information", "hint"};
    for (size_t i = 0; i < array_length(known); i++)
        if (!strcmp(severity, known[i]))
            return true;
    return false;
}

static int read_diagnostic(struct report *r, const json_t *value)
{
    const char *severity = read_text(value, "severity", 16);
    const char *message = read_text(value, "message", REPORT_VALUE_MOST);
    const char *file = read_text(value, "file", RUN_FILE_NAME_MOST);
    if (!severity || !severity_known(severity) || !message || r->diagnostic_count == REPORT_DIAGNOSTICS_MOST)
        return 0;
    if (!r->diagnostics && !(r->diagnostics = calloc(REPORT_DIAGNOSTICS_MOST, sizeof *r->diagnostics)))
        return -ENOMEM;
    struct report_diagnostic *d = &r->diagnostics[r->diagnostic_count++];
    d->severity = strdup(severity);
    d->message = strdup(message);
    d->file = file ? strdup(file) : NULL;
    d->line = read_position(value, "line");
    d->column = d->line ? read_position(value, "column") : 0;
    return d->severity && d->message && (d->file || !file) ? 0 : -ENOMEM;
}

static const struct {
    const char *name;
    int (*read)(struct report *r, const json_t *value);
} kinds[] = {
    {"compile_error", read_compile_error},
    {"value", read_value},
    {"values", read_traced},
    {"diagnostic", read_diagnostic},
};

static int read_line(struct report *r, const char *line, size_t size)
{
    json_t *object = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL);
    int e = 0;
    for (size_t i = 0; e == 0 && i < array_length(kinds); i++) {
        json_t *value = json_object_get(object, kinds[i].name); /* NULL for what is no object */
        if (value)
            e = kinds[i].read(r, value);
    }
    json_decref(object);
    return e;
}

int report_parse(struct report *r, const void *data, size_t size)
{
    *r = (struct report){0};
    if (size == 0)
        return 0;
    const char *at = data, *end = at + size;
    for (size_t lines = 0; at < end && lines < LINES_MOST; lines++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            break; /* cut short: whoever wrote it did not get to its end */
        size_t length = (size_t)(newline - at);
        int e = length <= LINE_MOST ? read_line(r, at, length) : 0;
        if (e < 0) {
            report_free(r);
            return e;
        }
        at = newline + 1;
    }
    return 0;
}

void report_free(struct report *r)
{
    for (size_t i = 0; i < r->diagnostic_count; i++) {
        free(r->diagnostics[i].severity);
        free(r->diagnostics[i].message);
        free(r->diagnostics[i].file);
    }
    for (size_t i = 0; i < r->value_count; i++)
        free(r->values[i].value);
    free(r->diagnostics);
    free(r->values);
    free(r->value);
    *r = (struct report){0};
}
