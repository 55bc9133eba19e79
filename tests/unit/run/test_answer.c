/* The harness's report, as hostile as it may be, and the answer made of it. */
#include "unit.h"

#include "run/run.h"

#include <signal.h>

static void parse(struct report *r, const char *text)
{
    assert_int_equal(report_parse(r, text, strlen(text)), 0);
}

static void a_good_report_is_read(void **state)
{
    (void)state;
    struct report r;
    parse(&r, "{\"diagnostic\": {\"severity\": \"warning\", \"message\": \"unused\", \"file\": \"a.exs\", "
              "\"line\": 3, \"column\": 5}}\n"
              "{\"values\": {\"line\": 1, \"value\": \"1\"}}\n"
              "{\"values\": {\"line\": 2, \"value\": \"[2]\"}}\n"
              "{\"value\": \":ok\"}\n");
    assert_int_equal(r.diagnostic_count, 1);
    assert_string_equal(r.diagnostics[0].severity, "warning");
    assert_string_equal(r.diagnostics[0].file, "a.exs");
    assert_int_equal(r.diagnostics[0].line, 3);
    assert_int_equal(r.diagnostics[0].column, 5);
    assert_int_equal(r.value_count, 2);
    assert_string_equal(r.values[1].value, "[2]");
    assert_string_equal(r.value, ":ok");
    assert_false(r.compile_error);
    report_free(&r);
    parse(&r, "{\"compile_error\": true}\n");
    assert_true(r.compile_error);
    report_free(&r);
}

static void what_is_malformed_is_left_out(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "\n",
        "null\n",
        "[]\n",
        "\"value\"\n",
        "{\"value\": 1}\n",
        "{\"value\": null}\n",
        "{\"value\": \"cut",
        "{\"value\": \"no newline\"}",
        "{\"value\": \"a\", \"value\": \"b\"}\n",
        "{\"value\": \"\xff\"}\n",
        "{\"value\": \"\\u0000\"}\n",
        "{\"value\": \"a\"} {\"value\": \"b\"}\n",
        "{\"compile_error\": 1}\n",
        "{\"compile_error\": \"true\"}\n",
        "{\"status\": \"ok\", \"exit_code\": 0}\n",
        "{\"values\": \"x\"}\n",
        "{\"values\": {\"line\": 0, \"value\": \"x\"}}\n",
        "{\"values\": {\"line\": -1, \"value\": \"x\"}}\n",
        "{\"values\": {\"line\": 99999999999, \"value\": \"x\"}}\n",
        "{\"values\": {\"line\": 1}}\n",
        "{\"diagnostic\": {}}\n",
        "{\"diagnostic\": {\"severity\": \"fatal\", \"message\": \"x\"}}\n",
        "{\"diagnostic\": {\"severity\": \"error\", \"message\": 7}}\n",
        "{\"diagnostic\": [1]}\n",
    };
    for (size_t i = 0; i < array_length(lines); i++) {
        struct report r;
        parse(&r, lines[i]);
        if (r.value || r.compile_error || r.value_count || r.diagnostic_count)
            fail_msg("taken: %s", lines[i]);
        report_free(&r);
    }
}

static void a_bad_line_does_not_spoil_the_next(void **state)
{
    (void)state;
    struct report r;
    parse(&r, "garbage\n\xff\xff\n{\"value\": \"good\"}\n");
    assert_string_equal(r.value, "good");
    report_free(&r);
}

static void a_position_that_makes_no_sense_is_unknown(void **state)
{
    (void)state;
    struct report r;
    parse(&r, "{\"diagnostic\": {\"severity\": \"error\", \"message\": \"m\", \"file\": 3, \"line\": -4, "
              "\"column\": 1e3}}\n");
    assert_int_equal(r.diagnostic_count, 1);
    assert_null(r.diagnostics[0].file);
    assert_int_equal(r.diagnostics[0].line, 0);
    assert_int_equal(r.diagnostics[0].column, 0);
    report_free(&r);
}

/* A report of `count` lines, each with a text of `length` times `letter`. */
static char *many(size_t count, const char *before, const char *letter, size_t length, const char *after)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < count; i++) {
        fputs(before, out);
        for (size_t j = 0; j < length; j++)
            fputs(letter, out);
        fputs(after, out);
    }
    fclose(out);
    return text;
}

static void what_is_too_long_or_too_much_is_left_out(void **state)
{
    (void)state;
    struct report r;
    char *text = many(1, "{\"value\": \"", "v", REPORT_VALUE_MOST, "\"}\n");
    parse(&r, text);
    assert_int_equal(strlen(r.value), REPORT_VALUE_MOST);
    report_free(&r);
    free(text);
    text = many(1, "{\"value\": \"", "v", REPORT_VALUE_MOST + 1, "\"}\n");
    parse(&r, text);
    assert_null(r.value);
    report_free(&r);
    free(text);
    /* Characters count, not bytes. */
    text = many(1, "{\"values\": {\"line\": 1, \"value\": \"", "\xe2\x82\xac", REPORT_TRACE_VALUE_MOST,
                "\"}}\n");
    parse(&r, text);
    assert_int_equal(r.value_count, 1);
    report_free(&r);
    free(text);
    text = many(1, "{\"values\": {\"line\": 1, \"value\": \"", "v", REPORT_TRACE_VALUE_MOST + 1, "\"}}\n");
    parse(&r, text);
    assert_int_equal(r.value_count, 0);
    report_free(&r);
    free(text);
    text = many(REPORT_TRACE_MOST + 1, "{\"values\": {\"line\": 1, \"value\": \"", "v", 1, "\"}}\n");
    parse(&r, text);
    assert_int_equal(r.value_count, REPORT_TRACE_MOST);
    report_free(&r);
    free(text);
    text = many(REPORT_DIAGNOSTICS_MOST + 1, "{\"diagnostic\": {\"severity\": \"hint\", \"message\": \"", "m",
                1, "\"}}\n");
    parse(&r, text);
    assert_int_equal(r.diagnostic_count, REPORT_DIAGNOSTICS_MOST);
    report_free(&r);
    free(text);
}

static void nesting_without_end_does_no_harm(void **state)
{
    (void)state;
    struct report r;
    char *text = many(1, "{\"value\": ", "[", 300000, "\n");
    parse(&r, text);
    assert_null(r.value);
    report_free(&r);
    free(text);
    text = many(1, "{\"value\": ", "{\"a\":", 60000, "\n");
    parse(&r, text);
    report_free(&r);
    free(text);
}

/* ---- the one thing it may change ---- */

static void a_report_turns_error_into_compile_error_and_nothing_else(void **state)
{
    (void)state;
    struct report said = {.compile_error = true}, silent = {0};
    for (int status = RUN_ok; status <= RUN_killed; status++) {
        struct run_result result = {.status = (enum run_status)status};
        enum run_status want = status == RUN_error ? RUN_compile_error : (enum run_status)status;
        assert_int_equal(run_final_status(&result, &said), want);
        assert_int_equal(run_final_status(&result, &silent), status);
        assert_int_equal(run_final_status(&result, NULL), status);
    }
}

/* ---- the answer ---- */

static json_t *answer_of(const struct run_result *result, const char *out, size_t out_size,
                         const char *report, bool trace, bool base64)
{
    struct run_outcome outcome = {.id = "r_1",
                                  .result = result,
                                  .out = (const uint8_t *)out,
                                  .out_size = out_size,
                                  .report = (const uint8_t *)report,
                                  .report_size = report ? strlen(report) : 0,
                                  .trace = trace,
                                  .base64 = base64};
    json_t *answer = run_answer(&outcome);
    assert_non_null(answer);
    return answer;
}

static void the_answer_is_the_contracts(void **state)
{
    (void)state;
    struct run_result result = {.status = RUN_ok,
                                .limits = limits_standard,
                                .wall_us = 3142,
                                .cpu_us = 2400,
                                .memory_bytes = 9437184,
                                .processes = 1};
    json_t *answer = answer_of(&result, "2\n", 2, "{\"value\": \":ok\"}\n", false, false);
    char *text = json_dumps(answer, RUN_ANSWER_DUMP);
    assert_string_equal(
        text, "{\"id\":\"r_1\",\"status\":\"ok\",\"exit_code\":0,\"signal\":null,\"stdout\":\"2\\n\","
              "\"stderr\":\"\","
              "\"truncated\":{\"stdout\":false,\"stderr\":false},\"value\":\":ok\",\"diagnostics\":[],"
              "\"usage\":{\"wall_ms\":3.1,\"cpu_ms\":2.4,\"memory_bytes\":9437184,\"processes\":1},"
              "\"start\":\"cold\",\"limits\":{\"wall_ms\":10000,\"cpu_ms\":5000,\"memory_bytes\":268435456,"
              "\"processes\":64,\"output_bytes\":1048576,\"disk_bytes\":67108864}}");
    free(text);
    json_decref(answer);
}

static void a_signal_has_a_name_and_no_exit_code(void **state)
{
    (void)state;
    static const struct {
        int number;
        const char *name;
    } cases[] = {
        {SIGSEGV, "SIGSEGV"}, {SIGKILL, "SIGKILL"}, {SIGSYS, "SIGSYS"}, {36, "SIGRTMIN+2"}, {33, "SIG33"}};
    for (size_t i = 0; i < array_length(cases); i++) {
        struct run_result result = {.status = RUN_error, .signaled = true, .code = cases[i].number};
        json_t *answer = answer_of(&result, NULL, 0, NULL, false, false);
        assert_true(json_is_null(json_object_get(answer, "exit_code")));
        assert_string_equal(json_string_value(json_object_get(answer, "signal")), cases[i].name);
        json_decref(answer);
    }
}

static void bytes_that_are_not_text_are_replaced_or_encoded(void **state)
{
    (void)state;
    struct run_result result = {.status = RUN_ok};
    json_t *answer = answer_of(&result, "a\xff\0b", 4, NULL, false, false);
    json_t *out = json_object_get(answer, "stdout");
    assert_int_equal(json_string_length(out), 6);
    assert_memory_equal(json_string_value(out), "a\xef\xbf\xbd\0b", 6);
    json_decref(answer);
    answer = answer_of(&result, "a\xff\0b", 4, NULL, false, true);
    assert_string_equal(json_string_value(json_object_get(answer, "stdout")), "Yf8AYg==");
    assert_string_equal(json_string_value(json_object_get(answer, "stderr")), "");
    json_decref(answer);
}

static void traced_values_come_only_when_asked_for(void **state)
{
    (void)state;
    struct run_result result = {.status = RUN_ok};
    static const char report[] = "{\"values\": {\"line\": 3, \"value\": \"[2, 4, 6]\"}}\n";
    json_t *answer = answer_of(&result, NULL, 0, report, false, false);
    assert_null(json_object_get(answer, "values"));
    json_decref(answer);
    answer = answer_of(&result, NULL, 0, report, true, false);
    char *text = json_dumps(json_object_get(answer, "values"), JSON_COMPACT);
    assert_string_equal(text, "[{\"line\":3,\"value\":\"[2, 4, 6]\"}]");
    free(text);
    assert_true(json_is_null(json_object_get(answer, "value")));
    json_decref(answer);
    answer = answer_of(&result, NULL, 0, NULL, true, false);
    assert_int_equal(json_array_size(json_object_get(answer, "values")), 0);
    json_decref(answer);
}

/* ---- the packed result ---- */

static void a_result_goes_there_and_back(void **state)
{
    (void)state;
    struct run_result r = {.status = RUN_timeout,
                           .signaled = true,
                           .code = SIGKILL,
                           .stderr_truncated = true,
                           .limits = limits_ceiling,
                           .wall_us = UINT64_MAX,
                           .cpu_us = 2,
                           .memory_bytes = 3,
                           .processes = 4,
                           .box_us = 5,
                           .start_us = 6,
                           .teardown_us = 7,
                           .in_compile = true},
                      back;
    struct packer p = {0};
    run_result_pack(&p, &r);
    assert_int_equal(run_result_unpack(&back, p.data, p.size), 0);
    assert_int_equal(back.status, RUN_timeout);
    assert_true(back.signaled && back.stderr_truncated && !back.stdout_truncated && back.in_compile &&
                !back.warm);
    assert_memory_equal(&back.limits, &r.limits, sizeof r.limits);
    assert_true(back.wall_us == UINT64_MAX && back.teardown_us == 7);
    for (size_t cut = 0; cut < p.size; cut++)
        assert_int_equal(run_result_unpack(&back, p.data, cut), -EBADMSG);
    p.data[0] = 7; /* no such status */
    assert_int_equal(run_result_unpack(&back, p.data, p.size), -EBADMSG);
    packer_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_report_is_read),
        cmocka_unit_test(what_is_malformed_is_left_out),
        cmocka_unit_test(a_bad_line_does_not_spoil_the_next),
        cmocka_unit_test(a_position_that_makes_no_sense_is_unknown),
        cmocka_unit_test(what_is_too_long_or_too_much_is_left_out),
        cmocka_unit_test(nesting_without_end_does_no_harm),
        cmocka_unit_test(a_report_turns_error_into_compile_error_and_nothing_else),
        cmocka_unit_test(the_answer_is_the_contracts),
        cmocka_unit_test(a_signal_has_a_name_and_no_exit_code),
        cmocka_unit_test(bytes_that_are_not_text_are_replaced_or_encoded),
        cmocka_unit_test(traced_values_come_only_when_asked_for),
        cmocka_unit_test(a_result_goes_there_and_back),
    };
    return unit_run(tests);
}
