#include "api/internal.h"

#include <stdio.h>

static json_t *usage_json(const struct run_result *result)
{
    return json_pack("{s:f,s:f,s:I,s:I}", "wall_ms", (double)result->wall_us / 1000, "cpu_ms",
                     (double)result->cpu_us / 1000, "memory_bytes", (json_int_t)result->memory_bytes,
                     "processes", (json_int_t)result->processes);
}

/* One write with its line end, so that lines of several writers never mix. */
static void write_line(const struct api *api, json_t *line)
{
    cleanup_free char *text =
        line ? json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(line);
    size_t n = text ? strlen(text) : 0;
    if (!text)
        return;
    text[n] = '\n';
    int r = write_all(api->audit, text, n + 1);
    if (r < 0)
        log_error("api", "write the audit log: %s", strerror(-r));
}

void audit_run(const struct api_run *run, const char *status, const struct run_result *result)
{
    char time[32];
    clock_wall_rfc3339(time);
    json_t *line = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:s}", "time", time, "client", run->client, "run",
                             run->id, "language", run->language->name, "source_sha256", run->source_hash,
                             "source_bytes", (json_int_t)run->source_size, "status", status);
    if (line && result) {
        json_object_set_new(line, result->signaled ? "signal" : "exit_code", json_integer(result->code));
        json_object_set_new(line, "usage", usage_json(result));
    }
    write_line(run->api, line);
}

void audit_grade(const struct api *api, const struct audit_grade *grade)
{
    char time[32];
    clock_wall_rfc3339(time);
    json_t *line = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s}", "time", time, "client", grade->client,
                             "grade", grade->id, "language", grade->language->name, "source_sha256",
                             grade->source_hash, "source_bytes", (json_int_t)grade->source_size, "verdict",
                             grade->verdict, "judged", grade->judged);
    if (line && grade->exercise)
        json_object_set_new(line, "exercise", json_string(grade->exercise));
    if (line)
        json_object_set_new(line, "usage",
                            json_pack("{s:f,s:f}", "wall_ms", (double)grade->wall_us / 1000, "cpu_ms",
                                      (double)grade->cpu_us / 1000));
    write_line(api, line);
}
