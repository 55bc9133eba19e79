/* The answer of docs/api.md, from what the executor measured and what the harness reported. */
#include "run/run.h"

#include <signal.h>
#include <stdio.h>

enum run_status run_final_status(const struct run_result *result, const struct report *report)
{
    return result->status == RUN_error && report && report->compile_error ? RUN_compile_error
                                                                          : result->status;
}

/* Puts `value` into the object and takes its reference; remembers that something failed. */
static void put(json_t *object, const char *name, json_t *value, bool *failed)
{
    if (!value || json_object_set_new(object, name, value) < 0)
        *failed = true;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *signal_name(int number)
{
    char name[32];
    const char *known = sigabbrev_np(number);
    if (known)
        snprintf(name, sizeof name, "SIG%s", known);
    else if (number >= SIGRTMIN && number <= SIGRTMAX)
        snprintf(name, sizeof name, "SIGRTMIN+%d", number - SIGRTMIN);
    else
        snprintf(name, sizeof name, "SIG%d", number);
    return json_string(name);
}

static json_t *stream_text(const uint8_t *data, size_t size, bool base64)
{
    cleanup_free char *text = NULL;
    size_t n = 0;
    if (base64) {
        text = base64_encode(size ? data : (const uint8_t *)"", size);
        n = text ? strlen(text) : 0;
    } else {
        text = utf8_replace(size ? data : (const uint8_t *)"", size, &n);
    }
    return text ? json_stringn(text, n) : NULL;
}

static json_t *diagnostics(const struct report *report, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->diagnostic_count; i++) {
        const struct report_diagnostic *d = &report->diagnostics[i];
        json_t *item = json_object();
        put(item, "severity", json_string(d->severity), failed);
        put(item, "message", json_string(d->message), failed);
        put(item, "file", text_or_null(d->file), failed);
        put(item, "line", d->line ? json_integer(d->line) : json_null(), failed);
        put(item, "column", d->column ? json_integer(d->column) : json_null(), failed);
        if (json_array_append_new(list, item) < 0)
            *failed = true;
    }
    return list;
}

static json_t *traced_values(const struct report *report, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->value_count; i++) {
        json_t *item = json_object();
        put(item, "line", json_integer(report->values[i].line), failed);
        put(item, "value", json_string(report->values[i].value), failed);
        if (json_array_append_new(list, item) < 0)
            *failed = true;
    }
    return list;
}

static json_t *milliseconds(uint64_t us)
{
    uint64_t tenths = (us + 50) / 100;
    return json_real((double)tenths / 10);
}

static json_t *usage(const struct run_result *result, bool *failed)
{
    json_t *object = json_object();
    put(object, "wall_ms", milliseconds(result->wall_us), failed);
    put(object, "cpu_ms", milliseconds(result->cpu_us), failed);
    put(object, "memory_bytes", json_integer((json_int_t)result->memory_bytes), failed);
    put(object, "processes", json_integer((json_int_t)result->processes), failed);
    return object;
}

static json_t *limits(const struct run_result *result, bool *failed)
{
    json_t *object = json_object();
#define X(name, standard, least, ceiling)                                                                    \
    put(object, #name, json_integer((json_int_t)result->limits.name), failed);
    RUN_LIMITS(X)
#undef X
    return object;
}

static json_t *truncated(const struct run_result *result, bool *failed)
{
    json_t *object = json_object();
    put(object, "stdout", json_boolean(result->stdout_truncated), failed);
    put(object, "stderr", json_boolean(result->stderr_truncated), failed);
    return object;
}

json_t *run_answer(const struct run_outcome *outcome)
{
    const struct run_result *result = outcome->result;
    struct report report;
    bool failed = false;
    json_t *answer = json_object();
    if (report_parse(&report, outcome->report, outcome->report_size) < 0) {
        json_decref(answer);
        return NULL;
    }
    put(answer, "id", json_string(outcome->id), &failed);
    put(answer, "status", json_string(run_status_name(run_final_status(result, &report))), &failed);
    put(answer, "exit_code", result->signaled ? json_null() : json_integer(result->code), &failed);
    put(answer, "signal", result->signaled ? signal_name(result->code) : json_null(), &failed);
    put(answer, "stdout", stream_text(outcome->out, outcome->out_size, outcome->base64), &failed);
    put(answer, "stderr", stream_text(outcome->err, outcome->err_size, outcome->base64), &failed);
    put(answer, "truncated", truncated(result, &failed), &failed);
    put(answer, "value", text_or_null(report.value), &failed);
    if (outcome->trace)
        put(answer, "values", traced_values(&report, &failed), &failed);
    put(answer, "diagnostics", diagnostics(&report, &failed), &failed);
    put(answer, "usage", usage(result, &failed), &failed);
    put(answer, "start", json_string(result->warm ? "warm" : "cold"), &failed);
    put(answer, "limits", limits(result, &failed), &failed);
    report_free(&report);
    if (failed) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}
