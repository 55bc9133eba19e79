/* Comparison, verdict and answer. */
#include "sample.h"

static void texts_are_the_same_but_for_white_space_at_ends(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"", "", true},
        {"a", "a\n", true},
        {"a\nb", "a  \r\nb\t\n\n \n", true},
        {"", " \n\n", true},
        {"a", "b", false},
        {"a", "", false},
        {"", "a", false},
        {"a\n\nb", "a\nb", false},
        {" a", "a", false},
        {"a b", "a  b", false},
        {"a\nb", "a", false},
        {"ab", "a", false},
        {"\n\na", "\n\na\n", true},
        {"\na", "a", false},
    };
    for (size_t i = 0; i < array_length(rows); i++)
        if (grade_same_text(rows[i].a, rows[i].b) != rows[i].same)
            fail_msg("row %zu", i);
}

/* ---- cases ---- */

static struct run_outcome outcome(const struct run_result *result, const char *out, const char *report)
{
    return (struct run_outcome){.id = "r_1",
                                .result = result,
                                .out = (const uint8_t *)out,
                                .out_size = strlen(out),
                                .report = (const uint8_t *)report,
                                .report_size = strlen(report)};
}

static json_t *answer_of(const struct grade_results *r, const struct run_outcome *solution,
                         const struct run_result *tests, const char *errors)
{
    json_t *answer = grade_answer(r,
                                  &(struct grade_ending){.solution = solution,
                                                         .tests = tests,
                                                         .tests_errors = (const uint8_t *)errors,
                                                         .tests_errors_size = strlen(errors)},
                                  "g_1");
    assert_non_null(answer);
    return answer;
}

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void cases_are_compared_outside(void **state)
{
    (void)state;
    struct grade_request request = sample_cases(sample_language(NULL));
    struct grade_results r;
    const struct run_result good = {.status = RUN_ok, .wall_us = 1240};
    grade_results_begin(&r, &request, GRADE_OUTPUT);
    struct run_outcome first = outcome(&good, "4", ""), second = outcome(&good, "7\n", ""),
                       third = outcome(&good, "noise", "{\"value\":\" 3\"}\n");
    assert_int_equal(grade_case_done(&r, 0, &first), 0);
    assert_int_equal(grade_case_done(&r, 1, &second), 0);
    assert_int_equal(grade_case_done(&r, 2, &third), 0);
    json_t *answer = answer_of(&r, &second, NULL, "");
    assert_string_equal(text_at(answer, "verdict"), "fail");
    assert_string_equal(text_at(answer, "judged"), "output");
    const json_t *tests = json_object_get(answer, "tests");
    assert_int_equal(json_array_size(tests), 3);
    assert_string_equal(text_at(json_array_get(tests, 0), "name"), "case 1");
    assert_string_equal(text_at(json_array_get(tests, 0), "status"), "pass");
    assert_string_equal(text_at(json_array_get(tests, 1), "name"), "odd");
    assert_string_equal(text_at(json_array_get(tests, 1), "expected"), "6\n");
    assert_string_equal(text_at(json_array_get(tests, 1), "actual"), "7\n");
    assert_string_equal(text_at(json_array_get(tests, 1), "input"), "3\n");
    assert_string_equal(text_at(json_array_get(tests, 2), "status"), "pass");
    assert_true(json_is_true(json_object_get(json_array_get(tests, 2), "hidden")));
    assert_string_equal(text_at(json_object_get(answer, "run"), "stdout"), "7\n");
    json_decref(answer);
    grade_results_free(&r);
    grade_request_free(&request);
}

static void a_run_that_broke_is_no_pass_whatever_it_printed(void **state)
{
    (void)state;
    static const struct {
        struct run_result result;
        const char *report, *message, *verdict;
    } rows[] = {
        {{.status = RUN_error, .code = 3}, "", "it ended with exit code 3", "fail"},
        {{.status = RUN_error, .signaled = true, .code = 11}, "", "signal 11 ended it", "fail"},
        {{.status = RUN_timeout}, "", "its time was over", "fail"},
        {{.status = RUN_memory}, "", "more memory", "fail"},
        {{.status = RUN_output_limit}, "", "wrote more", "fail"},
        {{.status = RUN_error, .code = 1}, "{\"compile_error\":true}\n", "does not compile", "error"},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        struct grade_request request = sample_cases(sample_language(NULL));
        struct grade_results r;
        const struct run_result good = {.status = RUN_ok};
        grade_results_begin(&r, &request, GRADE_OUTPUT);
        struct run_outcome bad = outcome(&rows[i].result, "4\n", rows[i].report),
                           odd = outcome(&good, "6\n", ""), call = outcome(&good, "3", "");
        assert_int_equal(grade_case_done(&r, 0, &bad), 0);
        assert_int_equal(grade_case_done(&r, 1, &odd), 0);
        assert_int_equal(grade_case_done(&r, 2, &call), 0); /* no value was told: what it printed counts */
        json_t *answer = answer_of(&r, &bad, NULL, "");
        const json_t *test = json_array_get(json_object_get(answer, "tests"), 0);
        assert_string_equal(text_at(answer, "verdict"), rows[i].verdict);
        assert_string_equal(text_at(test, "status"), "error");
        assert_non_null(strstr(text_at(test, "message"), rows[i].message));
        assert_string_equal(text_at(json_array_get(json_object_get(answer, "tests"), 2), "status"), "pass");
        json_decref(answer);
        grade_results_free(&r);
        grade_request_free(&request);
    }
}

static void a_long_output_is_cut_between_characters(void **state)
{
    (void)state;
    struct grade_request request = sample_cases(sample_language(NULL));
    struct grade_results r;
    const struct run_result good = {.status = RUN_ok};
    static char wide[3 * GRADE_VALUE_MOST + 1];
    for (size_t i = 0; i < GRADE_VALUE_MOST; i++)
        memcpy(wide + 3 * i, "\xe2\x82\xac", 3);
    grade_results_begin(&r, &request, GRADE_OUTPUT);
    struct run_outcome first = outcome(&good, wide, "");
    assert_int_equal(grade_case_done(&r, 0, &first), 0);
    const char *actual = r.tests[0].actual;
    assert_true(strlen(actual) <= GRADE_VALUE_MOST && utf8_valid(actual, strlen(actual)));
    assert_non_null(strstr(actual, "[...]"));
    grade_results_free(&r);
    grade_request_free(&request);
}

static void a_case_for_which_no_time_is_left_is_an_error(void **state)
{
    (void)state;
    struct grade_request request = sample_cases(sample_language(NULL));
    struct grade_results r;
    grade_results_begin(&r, &request, GRADE_OUTPUT);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(grade_case_done(&r, i, NULL), 0);
    json_t *answer = answer_of(&r, NULL, NULL, "");
    assert_string_equal(text_at(answer, "verdict"), "fail");
    assert_true(json_is_null(json_object_get(answer, "run")));
    json_decref(answer);
    grade_results_free(&r);
    grade_request_free(&request);
}

/* ---- tests ---- */

#define PLAN(file)                                                                                           \
    "{\"plan\":[{\"name\":\"a\",\"file\":\"" file "\"},{\"name\":\"b\",\"file\":\"" file "\"}]}\n"
#define TEST(n, status) "{\"test\":{\"index\":" #n ",\"status\":\"" status "\"}}\n"
#define END             "{\"end\":true}\n"
#define GOOD            PLAN("a_test.exs") TEST(0, "pass") TEST(1, "pass") END

static void a_verdict_needs_all_tests_and_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *told;
        enum run_status tests;
        const char *verdict, *reason;
    } rows[] = {
        {GOOD, RUN_ok, "pass", NULL},
        {PLAN("a_test.exs") TEST(0, "skip") TEST(1, "pass") END, RUN_ok, "pass", NULL},
        {PLAN("a_test.exs") TEST(1, "fail") TEST(0, "pass") END, RUN_ok, "fail", NULL},
        {PLAN("a_test.exs") TEST(0, "pass") TEST(1, "error") END, RUN_error, "fail", NULL},
        {PLAN("a_test.exs") TEST(0, "pass") TEST(1, "pass"), RUN_ok, "error", "to their end"},
        {PLAN("a_test.exs") TEST(0, "pass") END, RUN_ok, "error", "to their end"},
        {PLAN("a_test.exs") TEST(0, "skip") TEST(1, "skip") END, RUN_ok, "error", "no test was run"},
        {"{\"plan\":[]}\n" END, RUN_ok, "error", "no test was run"},
        {"", RUN_timeout, "error", "ran out of time"},
        {"", RUN_memory, "error", "ran out of memory"},
        {GOOD "{\"compile_error\":true}\n", RUN_ok, "error", "after the end"},
        {"{\"compile_error\":true}\n" GOOD, RUN_ok, "error", "does not compile"},
        {"{\"diagnostic\":{\"severity\":\"error\",\"message\":\"m\",\"file\":\"a_test.exs\"}}\n"
         "{\"compile_error\":true}\n{\"plan\":[]}\n" END,
         RUN_ok, "error", "the tests do not compile"},
        {GOOD PLAN("a_test.exs"), RUN_ok, "error", "cannot be"},
        {GOOD, RUN_error, "error", "but then"},
        {GOOD, RUN_killed, "error", "but then"},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        struct grade_request request = sample_tests(sample_language("apart"));
        struct grade_results r;
        const struct run_result good = {.status = RUN_ok}, tests = {.status = rows[i].tests};
        struct run_outcome solution = outcome(&good, "", "");
        grade_results_begin(&r, &request, GRADE_APART);
        grade_results_feed(&r, rows[i].told, strlen(rows[i].told));
        json_t *answer = answer_of(&r, &solution, &tests, "");
        const char *reason = text_at(answer, "reason");
        if (strcmp(text_at(answer, "verdict"), rows[i].verdict) != 0 || !reason != !rows[i].reason ||
            (reason && !strstr(reason, rows[i].reason)))
            fail_msg("row %zu: %s, \"%s\"", i, text_at(answer, "verdict"), reason ? reason : "");
        json_decref(answer);
        grade_results_free(&r);
        grade_request_free(&request);
    }
}

static void a_solution_that_does_not_compile_is_told_with_its_diagnostics(void **state)
{
    (void)state;
    struct grade_request request = sample_tests(sample_language("apart"));
    struct grade_results r;
    const struct run_result broken = {.status = RUN_error, .code = 1}, tests = {.status = RUN_ok};
    struct run_outcome solution = outcome(&broken, "", "");
    const char *told = "{\"diagnostic\":{\"severity\":\"error\",\"message\":\"no\",\"file\":\"solution.ex\","
                       "\"line\":2}}\n{\"compile_error\":true}\n{\"plan\":[]}\n" END;
    grade_results_begin(&r, &request, GRADE_APART);
    grade_results_feed(&r, told, strlen(told));
    json_t *answer = answer_of(&r, &solution, &tests, "a stack trace");
    const json_t *run = json_object_get(answer, "run");
    assert_string_equal(text_at(answer, "verdict"), "error");
    assert_string_equal(text_at(answer, "reason"), "it does not compile");
    assert_string_equal(text_at(run, "status"), "compile_error");
    assert_int_equal(json_array_size(json_object_get(run, "diagnostics")), 1);
    json_decref(answer);
    grade_results_free(&r);
    grade_request_free(&request);
}

/* What the solution prints may be what hidden tests gave it; what their run says may quote them. */
static void nothing_hidden_comes_out_by_another_way(void **state)
{
    (void)state;
    const struct run_result good = {.status = RUN_ok}, broke = {.status = RUN_error, .code = 1};
    struct grade_results r;
    struct grade_request request = sample_tests(sample_language("apart"));
    struct run_outcome solution = outcome(&good, "called with the secret", "");
    const char *told = PLAN("secret_test.exs") TEST(0, "pass");
    grade_results_begin(&r, &request, GRADE_APART);
    grade_results_feed(&r, told, strlen(told));
    json_t *answer = answer_of(&r, &solution, &broke, "in secret_test.exs: assert the secret");
    cleanup_free char *text = json_dumps(answer, 0);
    assert_null(strstr(text, "the secret"));
    assert_string_equal(text_at(answer, "verdict"), "error");
    json_decref(answer);
    grade_results_free(&r);
    grade_request_free(&request);
}

static void where_nothing_is_hidden_a_broken_run_of_tests_is_explained(void **state)
{
    (void)state;
    const struct run_result good = {.status = RUN_ok}, broke = {.status = RUN_error, .code = 1};
    struct grade_results r;
    struct grade_request request = grade_request_new(sample_language("apart"));
    add_file(&request, GRADE_SOLUTION, "s.ex", "", false);
    add_file(&request, GRADE_TESTS, "a_test.exs", "", false);
    struct run_outcome solution = outcome(&good, "printed", "");
    grade_results_begin(&r, &request, GRADE_APART);
    json_t *answer = answer_of(&r, &solution, &broke, "no such file");
    assert_non_null(strstr(text_at(answer, "reason"), "no such file"));
    assert_string_equal(text_at(json_object_get(answer, "run"), "stdout"), "printed");
    json_decref(answer);
    grade_results_free(&r);
    grade_request_free(&request);
}

static void a_solution_that_was_stopped_is_said_to_be(void **state)
{
    (void)state;
    const struct run_result over = {.status = RUN_timeout}, good = {.status = RUN_ok};
    struct grade_results r;
    struct grade_request request = sample_tests(sample_language("apart"));
    struct run_outcome solution = outcome(&over, "", "");
    const char *told = PLAN("a_test.exs") TEST(0, "pass") TEST(1, "error") END;
    grade_results_begin(&r, &request, GRADE_APART);
    grade_results_feed(&r, told, strlen(told));
    json_t *answer = answer_of(&r, &solution, &good, "");
    assert_string_equal(text_at(answer, "verdict"), "fail");
    assert_string_equal(text_at(answer, "reason"), "the solution ran out of time");
    json_decref(answer);
    grade_results_free(&r);
    grade_request_free(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_the_same_but_for_white_space_at_ends),
        cmocka_unit_test(cases_are_compared_outside),
        cmocka_unit_test(a_run_that_broke_is_no_pass_whatever_it_printed),
        cmocka_unit_test(a_long_output_is_cut_between_characters),
        cmocka_unit_test(a_case_for_which_no_time_is_left_is_an_error),
        cmocka_unit_test(a_verdict_needs_all_tests_and_the_end),
        cmocka_unit_test(a_solution_that_does_not_compile_is_told_with_its_diagnostics),
        cmocka_unit_test(nothing_hidden_comes_out_by_another_way),
        cmocka_unit_test(a_solution_that_was_stopped_is_said_to_be),
        cmocka_unit_test(where_nothing_is_hidden_a_broken_run_of_tests_is_explained),
    };
    return unit_run(tests);
}
