/* What the runs of a grading tell, written by who knows whom, and the answer that is made of it. The first
 * byte says how it is judged and in which pieces it comes. */
#include "grade/grade.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *extensions[] = {".ex", NULL}, *patterns[] = {"*test.exs", NULL}, *rules[] = {"for", NULL};
static const struct language language = {
    .name = "elixir", .extensions = extensions, .grade = {.tests = "apart", .test_files = patterns}};

static void check_bounds(const struct grade_results *r)
{
    if (r->test_count > GRADE_TESTS_MOST || r->broken_count > GRADE_BROKEN_MOST ||
        r->text_bytes > GRADE_TEXTS_MOST || r->line.size > GRADE_LINE_MOST)
        abort();
    for (size_t i = 0; i < r->test_count; i++) {
        const struct grade_test *t = &r->tests[i];
        if (!t->name || (t->hidden && (t->message || t->expected || t->actual || t->output)))
            abort();
    }
}

static void check_answer(const struct grade_results *r, const struct grade_ending *ending)
{
    json_t *answer = grade_answer(r, ending, "g");
    char *text = answer ? json_dumps(answer, RUN_ANSWER_DUMP) : NULL;
    if (!text)
        abort();
    size_t passed = 0;
    for (size_t i = 0; i < r->test_count; i++)
        passed += r->tests[i].status == GRADE_STATUS_pass;
    if (grade_verdict(r, ending) == GRADE_pass &&
        (!r->ended || r->compile_error || r->fault[0] || passed == 0 || ending->tests->status != RUN_ok))
        abort();
    free(text);
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    bool report = data[0] & 1;
    size_t piece = (size_t)(data[0] >> 1) + 1;
    struct grade_request request = grade_request_new(&language);
    struct grade_results results;
    struct run_result result = {.status = RUN_ok};
    struct run_outcome outcome = {.id = "r", .result = &result, .report = data, .report_size = size};
    struct grade_ending ending = {
        .solution = &outcome, .tests = &result, .tests_errors = data, .tests_errors_size = size};
    if (grade_add_file(&request, GRADE_SOLUTION, "s.ex", "", 0, false) < 0 ||
        grade_add_file(&request, GRADE_TESTS, "h_test.exs", "", 0, true) < 0 ||
        grade_add_file(&request, GRADE_TESTS, "a_test.exs", "", 0, false) < 0 ||
        grade_add_rules(&request.forbid, rules) < 0)
        abort();
    grade_results_begin(&results, &request, report ? GRADE_TOGETHER : GRADE_APART);
    for (size_t at = 1; at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        if (report)
            grade_results_feed_report(&results, data + at, n);
        else
            grade_results_feed(&results, data + at, n);
    }
    check_bounds(&results);
    check_answer(&results, &ending);
    grade_results_free(&results);
    grade_request_free(&request);
    return 0;
}
