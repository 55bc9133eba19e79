/* What a harness reports, written by who knows whom, and the answer that is made of it. */
#include "run/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bounds(const struct report *r)
{
    if (r->value && strlen(r->value) > REPORT_VALUE_MOST)
        abort();
    if (r->value_count > REPORT_TRACE_MOST || r->diagnostic_count > REPORT_DIAGNOSTICS_MOST)
        abort();
    for (size_t i = 0; i < r->diagnostic_count; i++)
        if (!r->diagnostics[i].severity || !r->diagnostics[i].message)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report r;
    struct run_result result = {.status = RUN_error, .code = 1};
    struct run_outcome outcome = {.id = "r",
                                  .result = &result,
                                  .out = data,
                                  .out_size = size,
                                  .report = data,
                                  .report_size = size,
                                  .trace = true};
    if (report_parse(&r, data, size) < 0)
        abort();
    check_bounds(&r);
    report_free(&r);
    json_t *answer = run_answer(&outcome);
    char *text = answer ? json_dumps(answer, RUN_ANSWER_DUMP) : NULL;
    if (!text)
        abort();
    free(text);
    json_decref(answer);
    return 0;
}
