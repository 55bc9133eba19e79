#include "sample.h"

static char *extensions[] = {".exs", ".ex", NULL}, *patterns[] = {"*_test.exs", "test.exs", NULL},
            *none[] = {NULL};
static char apart[] = "apart", together[] = "together";

const struct language *sample_language(const char *tests)
{
    static struct language languages[3];
    struct language *l = &languages[!tests ? 0 : !strcmp(tests, "apart") ? 1 : 2];
    *l = (struct language){.name = "elixir",
                           .title = "Elixir",
                           .file = "main.exs",
                           .extensions = extensions,
                           .aliases = none,
                           .harness = true,
                           .limits = limits_standard,
                           .grade = {.tests = !tests                    ? NULL
                                              : !strcmp(tests, "apart") ? apart
                                                                        : together,
                                     .test_files = patterns,
                                     .call_file = "call.exs",
                                     .call = "{source}\n{call} # {module} {file} {other}\n"}};
    return l;
}

void add_file(struct grade_request *r, enum grade_part part, const char *name, const char *text, bool hidden)
{
    assert_int_equal(grade_add_file(r, part, name, text, strlen(text), hidden), 0);
}

struct grade_request sample_tests(const struct language *language)
{
    struct grade_request r = grade_request_new(language);
    add_file(&r, GRADE_SOLUTION, "solution.ex", "the solution", false);
    add_file(&r, GRADE_SOLUTION, "lib/more.ex", "more of it", false);
    add_file(&r, GRADE_TESTS, "secret_test.exs", "the hidden tests", true);
    add_file(&r, GRADE_TESTS, "a_test.exs", "the tests", false);
    add_file(&r, GRADE_TESTS, "test_helper.exs", "ExUnit.start()", false);
    add_file(&r, GRADE_TESTS, "data.txt", "a fixture", false);
    add_file(&r, GRADE_TESTS, "answers.txt", "a hidden fixture", true);
    add_file(&r, GRADE_SUPPORT, "help.ex", "for both", false);
    return r;
}

struct grade_request sample_cases(const struct language *language)
{
    struct grade_request r = grade_request_new(language);
    add_file(&r, GRADE_SOLUTION, "solution.ex", "the solution", false);
    const struct grade_case cases[] = {
        {.input = "2\n", .input_size = 2, .output = "4\n"},
        {.name = "odd", .input = "3\n", .input_size = 2, .output = "6\n"},
        {.call = "add(1, 2)", .value = "3", .hidden = true},
    };
    for (size_t i = 0; i < array_length(cases); i++)
        assert_int_equal(grade_add_case(&r, &cases[i]), 0);
    return r;
}
