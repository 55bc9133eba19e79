/* What runs tell: read line by line, with a bound on everything. */
#include "sample.h"

#define PLAN                                                                                                 \
    "{\"plan\":[{\"name\":\"adds\",\"file\":\"a_test.exs\",\"line\":3,\"task\":1},"                          \
    "{\"name\":\"hides\",\"file\":\"secret_test.exs\",\"line\":9}]}\n"
#define PASS(n) "{\"test\":{\"index\":" #n ",\"status\":\"pass\"}}\n"
#define END     "{\"end\":true}\n"

struct fixture {
    struct grade_request request;
    struct grade_results results;
};

static void begin(struct fixture *f, enum grade_judged judged)
{
    f->request = sample_tests(sample_language("apart"));
    grade_results_begin(&f->results, &f->request, judged);
}

static void end(struct fixture *f)
{
    grade_results_free(&f->results);
    grade_request_free(&f->request);
}

static void tell(struct fixture *f, const char *text)
{
    grade_results_feed(&f->results, text, strlen(text));
}

static void results_come_in_any_pieces(void **state)
{
    (void)state;
    struct fixture f;
    const char *text = PLAN "{\"test\":{\"index\":0,\"status\":\"fail\",\"message\":\"m\",\"expected\":\"3\","
                            "\"actual\":\"4\",\"output\":\"o\",\"ms\":1.25}}\n" PASS(1) END;
    for (size_t size = 1; size < 40; size++) {
        begin(&f, GRADE_APART);
        for (size_t at = 0; at < strlen(text); at += size)
            grade_results_feed(&f.results, text + at, strlen(text) - at < size ? strlen(text) - at : size);
        const struct grade_results *r = &f.results;
        assert_string_equal(r->fault, "");
        assert_true(r->planned && r->ended && !r->compile_error && !r->no_memory);
        assert_int_equal(r->test_count, 2);
        const struct grade_test *t = &r->tests[0];
        assert_string_equal(t->name, "adds");
        assert_string_equal(t->file, "a_test.exs");
        assert_int_equal(t->line, 3);
        assert_int_equal(t->task, 1);
        assert_int_equal(t->status, GRADE_STATUS_fail);
        assert_string_equal(t->message, "m");
        assert_string_equal(t->expected, "3");
        assert_string_equal(t->actual, "4");
        assert_string_equal(t->output, "o");
        assert_true(t->ms > 1.2 && t->ms < 1.3);
        assert_int_equal(r->tests[1].task, -1);
        end(&f);
    }
}

static void of_a_hidden_test_only_the_status_is_kept(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, GRADE_APART);
    tell(&f, PLAN "{\"test\":{\"index\":1,\"status\":\"fail\",\"message\":\"the secret\",\"expected\":\"x\","
                  "\"actual\":\"y\",\"output\":\"z\"}}\n");
    const struct grade_test *t = &f.results.tests[1];
    assert_true(t->hidden);
    assert_int_equal(t->status, GRADE_STATUS_fail);
    assert_true(!t->message && !t->expected && !t->actual && !t->output);
    end(&f);
}

static void a_test_of_nobody_knows_where_is_hidden_when_anything_is(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, GRADE_APART);
    tell(&f, "{\"plan\":[{\"name\":\"a\"},{\"name\":\"b\",\"file\":\"else.exs\"},{\"name\":\"c\",\"file\":"
             "\"a_test.exs\"}]}\n");
    assert_true(f.results.tests[0].hidden && f.results.tests[1].hidden && !f.results.tests[2].hidden);
    end(&f);
}

static void diagnostics_of_hidden_tests_are_left_out(void **state)
{
    (void)state;
    struct fixture f;
    static const char *const files[] = {"secret_test.exs", "other.exs", "solution.ex", "a_test.exs"};
    begin(&f, GRADE_APART);
    for (size_t i = 0; i < array_length(files); i++) {
        char line[200];
        snprintf(
            line, sizeof line,
            "{\"diagnostic\":{\"severity\":\"error\",\"message\":\"of %s\",\"file\":\"%s\",\"line\":1}}\n",
            files[i], files[i]);
        tell(&f, line);
    }
    tell(&f, PLAN PASS(0) "{\"diagnostic\":{\"severity\":\"warning\",\"message\":\"called with the secret\","
                          "\"file\":\"solution.ex\"}}\n");
    tell(&f, "{\"diagnostic\":\"no object\"}\n");
    assert_false(f.results.no_memory);
    struct report report;
    assert_int_equal(report_parse(&report, f.results.notes.data, f.results.notes.size), 0);
    assert_int_equal(report.diagnostic_count, 2);
    assert_string_equal(report.diagnostics[0].message, "of solution.ex");
    assert_string_equal(report.diagnostics[1].message, "of a_test.exs");
    report_free(&report);
    end(&f);
}

static void what_no_honest_runner_says_is_a_fault(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {PLAN PLAN, "two plans"},
        {"{\"plan\":3}\n", "no list"},
        {"{\"plan\":[{\"file\":\"a\"}]}\n", "no name"},
        {"{\"plan\":[{\"name\":\"a\\u0000b\"}]}\n", ""}, /* no JSON for us: passed over */
        {PASS(0) PLAN, "no test of the plan"},
        {PLAN PASS(2), "no test of the plan"},
        {PLAN "{\"test\":{\"index\":-1,\"status\":\"pass\"}}\n", "no test of the plan"},
        {PLAN "{\"test\":{\"index\":0,\"status\":\"fine\"}}\n", "no status"},
        {PLAN "{\"test\":{\"index\":0,\"status\":\"missing\"}}\n", "no status"},
        {PLAN "{\"test\":{\"index\":\"0\",\"status\":\"pass\"}}\n", "no test of the plan"},
        {PLAN PASS(0) PASS(0), "two results"},
        {PLAN PASS(0) PASS(1) END PASS(1), "after the end"},
        {PLAN END END, "after the end"},
        {END, "without a plan"},
        {PLAN "{\"end\":1}\n", "without a plan"},
        {"{\"together\":true}\n", "one run"},
        {"noise\n{\"other\":1}\n[1]\n\"x\"\n\n" PLAN, ""},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        struct fixture f;
        begin(&f, GRADE_APART);
        tell(&f, rows[i].text);
        if (rows[i].fault[0] ? !strstr(f.results.fault, rows[i].fault) : f.results.fault[0] != 0)
            fail_msg("row %zu: \"%s\"; expected \"%s\"", i, f.results.fault, rows[i].fault);
        end(&f);
    }
}

static void a_run_for_both_tells_on_its_report(void **state)
{
    (void)state;
    struct fixture f;
    const char *text =
        "{\"value\":\"x\"}\n{\"grade\":{\"plan\":[{\"name\":\"a\",\"file\":\"a_test.exs\"}]}}\n" PASS(
            0) "{\"grade\":{\"test\":{\"index\":0,\"status\":\"fail\"}}}\n{\"grade\":{\"end\":true}}\n";
    begin(&f, GRADE_TOGETHER);
    grade_results_feed_report(&f.results, text, strlen(text));
    assert_string_equal(f.results.fault, "");
    assert_int_equal(f.results.tests[0].status, GRADE_STATUS_fail);
    assert_true(f.results.ended);
    end(&f);
    begin(&f, GRADE_TOGETHER);
    text = "{\"grade\":{\"together\":\"again\"}}\n";
    grade_results_feed_report(&f.results, text, strlen(text));
    assert_null(f.results.together);
    assert_string_not_equal(f.results.fault, "");
    end(&f);
}

static void without_a_report_only_lines_behind_the_mark_count(void **state)
{
    (void)state;
    struct fixture f;
    const char *text =
        "{\"plan\":[]}\nsecre\nsecret{\"plan\":[{\"name\":\"a\",\"file\":\"a_test.exs\"}]}\n" PASS(
            0) "secret{\"test\":{\"index\":0,\"status\":\"fail\"}}\n" END;
    begin(&f, GRADE_TOGETHER);
    memcpy(f.request.mark, "secret", sizeof "secret");
    grade_results_feed_marked(&f.results, text, strlen(text));
    assert_string_equal(f.results.fault, "");
    assert_int_equal(f.results.test_count, 1);
    assert_int_equal(f.results.tests[0].status, GRADE_STATUS_fail);
    assert_false(f.results.ended);
    end(&f);
}

static void only_rules_that_were_asked_for_are_told(void **state)
{
    (void)state;
    struct fixture f;
    char *forbid[] = {"for", NULL}, *require[] = {"pipe", NULL};
    begin(&f, GRADE_APART);
    assert_int_equal(grade_add_rules(&f.request.forbid, forbid), 0);
    assert_int_equal(grade_add_rules(&f.request.require, require), 0);
    tell(&f, "{\"rule\":{\"rule\":\"for\",\"kind\":\"forbid\",\"line\":4}}\n"
             "{\"rule\":{\"rule\":\"pipe\",\"kind\":\"require\"}}\n"
             "{\"rule\":{\"rule\":\"if\",\"kind\":\"forbid\",\"line\":4}}\n"
             "{\"rule\":{\"rule\":\"pipe\",\"kind\":\"forbid\",\"line\":4}}\n"
             "{\"rule\":{\"rule\":\"for\",\"kind\":\"allow\"}}\n{\"rule\":\"for\"}\n");
    assert_int_equal(f.results.broken_count, 2);
    assert_string_equal(f.results.broken[0].rule, "for");
    assert_int_equal(f.results.broken[0].line, 4);
    assert_true(!f.results.broken[0].required && f.results.broken[1].required);
    end(&f);
}

static char *repeat(const char *before, char c, size_t n, const char *after)
{
    char *text = malloc(strlen(before) + n + strlen(after) + 1);
    assert_non_null(text);
    strcpy(text, before);
    memset(text + strlen(before), c, n);
    strcpy(text + strlen(before) + n, after);
    return text;
}

static void texts_and_lines_have_bounds(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, GRADE_APART);
    tell(&f, PLAN);
    char *text = repeat("{\"test\":{\"index\":0,\"status\":\"fail\",\"actual\":\"a\",\"message\":\"", 'm',
                        GRADE_MESSAGE_MOST + 1, "\"}}\n");
    tell(&f, text);
    free(text);
    assert_null(f.results.tests[0].message);
    assert_string_equal(f.results.tests[0].actual, "a");
    text = repeat("", ' ', GRADE_LINE_MOST + 1, "\n");
    tell(&f, text);
    free(text);
    assert_string_equal(f.results.fault, "a line is too long");
    assert_true(f.results.line.room <= 2 * GRADE_LINE_MOST);
    end(&f);
}

static void all_texts_together_have_a_bound(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, GRADE_APART);
    tell(&f, "{\"plan\":[");
    for (int i = 0; i < 400; i++)
        tell(&f,
             i ? ",{\"name\":\"t\",\"file\":\"a_test.exs\"}" : "{\"name\":\"t\",\"file\":\"a_test.exs\"}");
    tell(&f, "]}\n");
    for (int i = 0; i < 400; i++) {
        char head[100];
        snprintf(head, sizeof head, "{\"test\":{\"index\":%d,\"status\":\"fail\",\"message\":\"", i);
        char *text = repeat(head, 'm', GRADE_MESSAGE_MOST, "\"}}\n");
        tell(&f, text);
        free(text);
    }
    assert_true(f.results.text_bytes <= GRADE_TEXTS_MOST);
    assert_non_null(f.results.tests[0].message);
    assert_null(f.results.tests[399].message);
    assert_int_equal(f.results.tests[399].status, GRADE_STATUS_fail);
    end(&f);
}

static void a_plan_of_more_tests_than_are_allowed_is_a_fault(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, GRADE_APART);
    tell(&f, "{\"plan\":[{\"name\":\"t\"}");
    for (int i = 0; i < GRADE_TESTS_MOST; i++)
        tell(&f, ",{\"name\":\"t\"}");
    tell(&f, "]}\n");
    assert_int_equal(f.results.test_count, 0);
    assert_string_not_equal(f.results.fault, "");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_come_in_any_pieces),
        cmocka_unit_test(of_a_hidden_test_only_the_status_is_kept),
        cmocka_unit_test(a_test_of_nobody_knows_where_is_hidden_when_anything_is),
        cmocka_unit_test(diagnostics_of_hidden_tests_are_left_out),
        cmocka_unit_test(what_no_honest_runner_says_is_a_fault),
        cmocka_unit_test(a_run_for_both_tells_on_its_report),
        cmocka_unit_test(without_a_report_only_lines_behind_the_mark_count),
        cmocka_unit_test(only_rules_that_were_asked_for_are_told),
        cmocka_unit_test(texts_and_lines_have_bounds),
        cmocka_unit_test(all_texts_together_have_a_bound),
        cmocka_unit_test(a_plan_of_more_tests_than_are_allowed_is_a_fault),
    };
    return unit_run(tests);
}
