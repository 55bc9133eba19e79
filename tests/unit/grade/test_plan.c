/* Which runs a request takes, and what is refused. */
#include "sample.h"

static bool has_file(const struct run_request *r, const char *name, const char *text)
{
    for (size_t i = 0; i < r->file_count; i++)
        if (!strcmp(r->files[i].name, name))
            return r->files[i].size == strlen(text) && !memcmp(r->files[i].data, text, strlen(text));
    return false;
}

static void check_order(const struct run_request *r, const char *const *expected)
{
    size_t i = 0;
    for (; expected[i]; i++) {
        assert_non_null(r->order[i]);
        assert_string_equal(r->order[i], expected[i]);
    }
    assert_null(r->order[i]);
}

static void the_tests_get_no_file_of_the_solution(void **state)
{
    (void)state;
    struct grade_request r = sample_tests(sample_language("apart"));
    struct run_request run;
    assert_int_equal(grade_plan(&r), GRADE_APART);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_TESTS, 0, 0), 0);
    assert_true(run.linked);
    assert_int_equal(run.file_count, 6);
    assert_true(has_file(&run, "a_test.exs", "the tests") && has_file(&run, "help.ex", "for both"));
    check_order(&run, (const char *[]){"role=tests", "test=a_test.exs", "test=secret_test.exs", NULL});
    assert_true(run.limits.wall_ms > limits_standard.wall_ms);
    run_request_free(&run);
    grade_request_free(&r);
}

static void the_solution_gets_no_code_of_the_tests_and_nothing_hidden(void **state)
{
    (void)state;
    struct grade_request r = sample_tests(sample_language("apart"));
    struct run_request run;
    char *forbid[] = {"for", NULL}, *require[] = {"pipe", NULL};
    assert_int_equal(grade_add_rules(&r.forbid, forbid), 0);
    assert_int_equal(grade_add_rules(&r.require, require), 0);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_SOLUTION, 0, 0), 0);
    assert_true(run.linked);
    assert_int_equal(run.file_count, 4);
    assert_string_equal(run.files[0].name, "solution.ex");
    assert_true(has_file(&run, "lib/more.ex", "more of it") && has_file(&run, "data.txt", "a fixture") &&
                has_file(&run, "help.ex", "for both"));
    check_order(&run, (const char *[]){"role=solution", "solution=solution.ex", "solution=lib/more.ex",
                                       "forbid=for", "require=pipe", NULL});
    run_request_free(&run);
    grade_request_free(&r);
}

static void where_they_cannot_be_apart_one_run_has_all(void **state)
{
    (void)state;
    struct grade_request r = sample_tests(sample_language("together"));
    struct run_request run;
    assert_int_equal(grade_plan(&r), GRADE_TOGETHER);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_TOGETHER, 0, 0), 0);
    assert_false(run.linked);
    assert_int_equal(run.file_count, 8);
    check_order(&run, (const char *[]){"role=together", "test=a_test.exs", "test=secret_test.exs",
                                       "solution=solution.ex", "solution=lib/more.ex", NULL});
    run_request_free(&run);
    grade_request_free(&r);
}

static void without_a_harness_a_program_of_all_files_is_made(void **state)
{
    (void)state;
    struct language language = *sample_language("together");
    language.harness = false;
    language.grade.tests_file = "@list";
    language.grade.tests_text = "first\n\"{solution}\"\n<{test}>";
    struct grade_request r = sample_tests(&language);
    struct run_request run;
    memcpy(r.mark, "secret", sizeof "secret");
    assert_int_equal(grade_add_file(&r, GRADE_SOLUTION, "a\"b.ex", "x", 1, false), 0);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_TOGETHER, 0, 0), 0);
    assert_string_equal(run.files[0].name, "@list");
    assert_true(has_file(&run, "list",
                         "first\n\"solution.ex\"\n\"lib/more.ex\"\n\"a\\\"b.ex\"\n\"help.ex\"\n"
                         "<a_test.exs><test_helper.exs><secret_test.exs>"));
    assert_null(run.order);
    assert_int_equal(run.stdin_size, strlen("secret"));
    assert_memory_equal(run.stdin_data, "secret", strlen("secret"));
    run_request_free(&run);
    char pointer[256];
    bool unable;
    struct error err = {0};
    assert_int_equal(grade_request_check(&r, pointer, &unable, &err), 0);
    assert_int_equal(grade_add_file(&r, GRADE_SUPPORT, "list/x.txt", "x", 1, false), 0);
    assert_int_equal(grade_request_check(&r, pointer, &unable, &err), -EINVAL);
    assert_string_equal(pointer, "/support/1/name");
    assert_false(unable);
    grade_request_free(&r);
}

static void without_a_test_s_name_all_code_of_the_tests_is_tests(void **state)
{
    (void)state;
    struct grade_request r = grade_request_new(sample_language("apart"));
    struct run_request run;
    add_file(&r, GRADE_SOLUTION, "s.ex", "", false);
    add_file(&r, GRADE_TESTS, "check.exs", "", false);
    add_file(&r, GRADE_TESTS, "data.txt", "", false);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_TESTS, 0, 0), 0);
    check_order(&run, (const char *[]){"role=tests", "test=check.exs", NULL});
    run_request_free(&run);
    grade_request_free(&r);
}

static void a_case_is_a_run_of_the_solution_with_its_input(void **state)
{
    (void)state;
    struct grade_request r = sample_cases(sample_language(NULL));
    struct run_request run;
    assert_int_equal(grade_plan(&r), GRADE_OUTPUT);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_CASE, 1, 400), 0);
    assert_int_equal(run.file_count, 1);
    assert_int_equal(run.stdin_size, 2);
    assert_memory_equal(run.stdin_data, "3\n", 2);
    assert_int_equal(run.limits.wall_ms, limits_standard.wall_ms - 400);
    run_request_free(&run);
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_CASE, 1, limits_standard.wall_ms), -ETIME);
    grade_request_free(&r);
}

static void a_call_is_put_into_the_program_of_the_language(void **state)
{
    (void)state;
    struct grade_request r = sample_cases(sample_language(NULL));
    struct run_request run;
    free(r.parts[GRADE_SOLUTION].items[0].data);
    r.parts[GRADE_SOLUTION].items[0].data = (uint8_t *)strdup("{call} once");
    r.parts[GRADE_SOLUTION].items[0].size = strlen("{call} once");
    assert_int_equal(grade_run_make(&run, &r, GRADE_ROLE_CASE, 2, 0), 0);
    assert_string_equal(run.files[0].name, "call.exs");
    assert_true(has_file(&run, "call.exs", "{call} once\nadd(1, 2) # solution solution.ex {other}\n"));
    run_request_free(&run);
    grade_request_free(&r);
}

/* ---- what is refused ---- */

static void expect_fault(struct grade_request *r, const char *where, const char *text, bool cannot)
{
    char pointer[256] = "";
    bool unable;
    struct error err = {0};
    int e = grade_request_check(r, pointer, &unable, &err);
    if (e >= 0 || strcmp(pointer, where) != 0 || !strstr(err.text, text) || unable != cannot)
        fail_msg("got %d, %s, \"%s\", %d; expected %s, \"%s\"", e, pointer, err.text, unable, where, text);
    grade_request_free(r);
}

static void a_good_request_passes(void **state)
{
    (void)state;
    char pointer[256] = "x";
    bool unable;
    struct error err;
    struct grade_request requests[] = {sample_tests(sample_language("apart")),
                                       sample_cases(sample_language(NULL))};
    for (size_t i = 0; i < array_length(requests); i++) {
        assert_int_equal(grade_request_check(&requests[i], pointer, &unable, &err), 0);
        assert_string_equal(pointer, "");
        grade_request_free(&requests[i]);
    }
}

static void faults_are_named_with_a_pointer_into_the_request(void **state)
{
    (void)state;
    const struct language *l = sample_language("apart");
    struct grade_request r = grade_request_new(l);
    expect_fault(&r, "/files", "no file of a solution", false);
    r = grade_request_new(l);
    add_file(&r, GRADE_SOLUTION, "s.ex", "", false);
    expect_fault(&r, "/tests", "nothing to judge by", false);
    r = sample_tests(l);
    assert_int_equal(grade_add_case(&r, &(struct grade_case){.output = "x"}), 0);
    expect_fault(&r, "/expect", "one or the other", false);
    r = sample_tests(l);
    add_file(&r, GRADE_TESTS, "../up.exs", "", false);
    expect_fault(&r, "/tests/5/name", "'..'", false);
    r = sample_tests(l);
    add_file(&r, GRADE_SOLUTION, "a_test.exs", "mine", false);
    expect_fault(&r, "/files/2/name", "two files", false);
    r = sample_tests(l);
    add_file(&r, GRADE_SUPPORT, "solution.ex/x", "", false);
    expect_fault(&r, "/files/0/name", "a file and a folder", false);
    r = sample_tests(l);
    char *rules[] = {"for", "two\nlines", NULL};
    assert_int_equal(grade_add_rules(&r.require, rules), 0);
    expect_fault(&r, "/rules/require/1", "one line", false);
    r = sample_tests(sample_language("together"));
    r.apart_only = true;
    expect_fault(&r, "/together", "cannot be apart", true);
    r = sample_tests(sample_language(NULL));
    expect_fault(&r, "/tests", "cannot be run in Elixir", true);
}

static void faults_of_cases_are_named(void **state)
{
    (void)state;
    const struct language *l = sample_language(NULL);
    const struct {
        struct grade_case added;
        const char *text;
    } rows[] = {
        {{.input = "x", .input_size = 1}, "either stdout"},
        {{.output = "x", .call = "f()", .value = "1"}, "either stdout"},
        {{.call = "f()"}, "need each other"},
        {{.output = "x", .value = "1"}, "need each other"},
        {{.call = "f()", .value = "1", .input = "x", .input_size = 1}, "no stdin"},
        {{.output = "x", .name = ""}, "its name"},
        {{.output = "x", .name = "a\nb"}, "its name"},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        struct grade_request r = sample_cases(l);
        assert_int_equal(grade_add_case(&r, &rows[i].added), 0);
        expect_fault(&r, "/expect/3", rows[i].text, false);
    }
    struct grade_request r = sample_cases(l);
    add_file(&r, GRADE_SOLUTION, "call.exs", "", false);
    expect_fault(&r, "/files/1/name", "the program that makes the calls", false);
    r = sample_cases(l);
    struct language without = *l;
    without.grade.call = NULL;
    r.language = &without;
    expect_fault(&r, "/expect", "calls cannot be made", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tests_get_no_file_of_the_solution),
        cmocka_unit_test(the_solution_gets_no_code_of_the_tests_and_nothing_hidden),
        cmocka_unit_test(where_they_cannot_be_apart_one_run_has_all),
        cmocka_unit_test(without_a_harness_a_program_of_all_files_is_made),
        cmocka_unit_test(without_a_test_s_name_all_code_of_the_tests_is_tests),
        cmocka_unit_test(a_case_is_a_run_of_the_solution_with_its_input),
        cmocka_unit_test(a_call_is_put_into_the_program_of_the_language),
        cmocka_unit_test(a_good_request_passes),
        cmocka_unit_test(faults_are_named_with_a_pointer_into_the_request),
        cmocka_unit_test(faults_of_cases_are_named),
    };
    return unit_run(tests);
}
