#include "api/internal.h"

#include <stdio.h>

static json_t *usage_json(const struct run_result *result)
{
    return json_pack("{s:f,s:f,s:I,s:I}", "wall_ms", (double)result->wall_us / 1000, "cpu_ms",
                     (double)result->cpu_us / 1000, "memory_bytes", (json_int_t)result->memory_bytes,
                     "processes", (json_int_t)result->processes);
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
    cleanup_free char *text =
        line ? json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(line);
    size_t n = text ? strlen(text) : 0;
    if (!text)
        return;
    text[n] = '\n'; /* one write with its line end, so that lines of several writers never mix */
    int r = write_all(run->api->audit, text, n + 1);
    if (r < 0)
        log_error("api", "write the audit log: %s", strerror(-r));
}
