/* The verdict, and the answer's JSON. */
#include "grade/grade.h"

#include <stdio.h>

const char *grade_verdict_name(enum grade_verdict verdict)
{
    static const char *const names[] = {
#define X(name) [GRADE_##name] = #name,
        GRADE_VERDICTS(X)
#undef X
    };
    return names[verdict];
}

const char *grade_status_name(enum grade_status status)
{
    static const char *const names[] = {
#define X(name) [GRADE_STATUS_##name] = #name,
        GRADE_STATUSES(X)
#undef X
    };
    return names[status];
}

/* ---- the verdict ---- */

struct tally {
    size_t of[GRADE_STATUS_skip + 1];
};

static struct tally count(const struct grade_results *r)
{
    struct tally tally = {0};
    for (size_t i = 0; i < r->test_count; i++)
        tally.of[r->tests[i].status]++;
    return tally;
}

/* The run in which the tests were: for cases there is none, the comparison is ours. */
static const struct run_result *tests_run(const struct grade_results *r, const struct grade_ending *ending)
{
    if (r->judged == GRADE_OUTPUT)
        return NULL;
    return r->judged == GRADE_APART ? ending->tests : ending->solution ? ending->solution->result : NULL;
}

static const char *status_words(enum run_status status)
{
    static const char *const words[] = {
        [RUN_ok] = "ended",
        [RUN_error] = "broke off",
        [RUN_compile_error] = "did not compile",
        [RUN_timeout] = "ran out of time",
        [RUN_memory] = "ran out of memory",
        [RUN_output_limit] = "wrote too much",
        [RUN_killed] = "was stopped by the sandbox",
    };
    return words[status];
}

/* Why the tests did not run to their end; false when they did. */
static bool not_whole(const struct grade_results *r, const struct grade_ending *ending, char why[static 256])
{
    const struct run_result *tests = tests_run(r, ending);
    struct tally tally = count(r);
    if (r->compile_error || (tests && tests->status == RUN_compile_error))
        snprintf(why, 256, r->tests_broken ? "the tests do not compile" : "it does not compile");
    else if (r->together)
        snprintf(why, 256,
                 "it can only be judged in one sandbox with its tests, which is not allowed here: %.150s",
                 r->together);
    else if (r->fault[0])
        snprintf(why, 256, "what was told of the tests cannot be: %s", r->fault);
    else if (!r->ended || tally.of[GRADE_STATUS_missing] > 0)
        snprintf(why, 256, "the tests did not run to their end%s%s", tests ? ": their run " : "",
                 tests ? status_words(tests->status) : "");
    else if (r->test_count == tally.of[GRADE_STATUS_skip])
        snprintf(why, 256, "no test was run");
    else
        return false;
    return true;
}

enum grade_verdict grade_verdict(const struct grade_results *r, const struct grade_ending *ending)
{
    char why[256];
    const struct run_result *tests = tests_run(r, ending);
    struct tally tally = count(r);
    if (not_whole(r, ending, why))
        return GRADE_error;
    if (tally.of[GRADE_STATUS_fail] + tally.of[GRADE_STATUS_error] > 0)
        return GRADE_fail;
    /* All is well as it seems; but a run that then did not end as it should is not to be believed. */
    return tests && tests->status != RUN_ok ? GRADE_error : GRADE_pass;
}

/* ---- the answer ---- */

static void put(json_t *object, const char *name, json_t *value, bool *failed)
{
    if (!value || json_object_set_new(object, name, value) < 0)
        *failed = true;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *line_or_null(uint32_t line)
{
    return line ? json_integer(line) : json_null();
}

static double tenths(double ms)
{
    return (double)(int64_t)(ms * 10 + 0.5) / 10;
}

static void put_details(json_t *object, const struct grade_test *test, bool *failed)
{
    put(object, "message", text_or_null(test->message), failed);
    put(object, "expected", text_or_null(test->expected), failed);
    put(object, "actual", text_or_null(test->actual), failed);
    put(object, "output", text_or_null(test->output), failed);
    put(object, "task", test->task >= 0 ? json_integer((json_int_t)test->task) : json_null(), failed);
    put(object, "file", text_or_null(test->file), failed);
    put(object, "line", line_or_null(test->line), failed);
    put(object, "ms", test->ms >= 0 ? json_real(tenths(test->ms)) : json_null(), failed);
    if (test->input)
        put(object, "input", json_string(test->input), failed);
}

static json_t *test_json(const struct grade_test *test, bool *failed)
{
    json_t *object = json_object();
    bool missing = test->status == GRADE_STATUS_missing;
    put(object, "name", json_string(test->name), failed);
    put(object, "status", json_string(grade_status_name(missing ? GRADE_STATUS_error : test->status)),
        failed);
    if (test->hidden)
        put(object, "hidden", json_true(), failed);
    else
        put_details(object, test, failed);
    if (missing && !test->hidden)
        put(object, "message", json_string("it was not run to its end"), failed);
    return object;
}

static json_t *tests_json(const struct grade_results *r, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->test_count; i++)
        if (json_array_append_new(list, test_json(&r->tests[i], failed)) < 0)
            *failed = true;
    return list;
}

static json_t *rules_json(const struct grade_results *r, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->broken_count; i++) {
        json_t *item = json_object();
        put(item, "rule", json_string(r->broken[i].rule), failed);
        put(item, "kind", json_string(r->broken[i].required ? "require" : "forbid"), failed);
        put(item, "line", line_or_null(r->broken[i].line), failed);
        if (json_array_append_new(list, item) < 0)
            *failed = true;
    }
    return list;
}

static bool anything_hidden(const struct grade_request *request)
{
    const struct grade_files *tests = &request->parts[GRADE_TESTS];
    for (size_t i = 0; i < tests->count; i++)
        if (tests->items[i].hidden)
            return true;
    return false;
}

/* A solution that was stopped while the tests called it. Where it is we who stopped it, there is nothing to
 * say. */
static json_t *solution_reason(const struct grade_results *r, const struct grade_ending *ending)
{
    enum run_status status = ending->solution ? ending->solution->result->status : RUN_ok;
    bool stopped = status == RUN_timeout || status == RUN_memory || status == RUN_output_limit;
    if (r->judged != GRADE_APART || !stopped || grade_verdict(r, ending) == GRADE_pass)
        return json_null();
    return json_sprintf("the solution %s", status_words(status));
}

/* What the tests' own run said when it broke: their author's to read, unless it could tell of what is hidden.
 */
static json_t *reason_json(const struct grade_results *r, const struct grade_ending *ending)
{
    char why[256];
    const struct run_result *tests = tests_run(r, ending);
    bool whole = !not_whole(r, ending, why);
    if (whole && grade_verdict(r, ending) != GRADE_error)
        return solution_reason(r, ending);
    if (whole)
        snprintf(why, sizeof why, "all tests passed, but then their run %s", status_words(tests->status));
    if (r->compile_error || ending->tests_errors_size == 0 || anything_hidden(r->request))
        return json_string(why);
    size_t n;
    cleanup_free char *errors = utf8_replace(ending->tests_errors, ending->tests_errors_size, &n);
    return errors ? json_sprintf("%s\n%s", why, errors) : NULL;
}

/* The run's answer with the diagnostics that were told of the solution. What a solution prints where hidden
 * tests call it can tell what they ask. */
static json_t *run_json(const struct grade_results *r, const struct grade_ending *ending)
{
    if (!ending->solution)
        return json_null();
    struct run_outcome outcome = *ending->solution;
    struct packer report = {0};
    if (anything_hidden(r->request))
        outcome.out_size = outcome.err_size = 0;
    pack_raw(&report, outcome.report, outcome.report_size);
    pack_more(&report, &r->notes);
    if (r->compile_error)
        pack_raw(&report, "{\"compile_error\":true}\n", strlen("{\"compile_error\":true}\n"));
    outcome.report = report.data;
    outcome.report_size = report.size;
    json_t *answer = report.failed ? NULL : run_answer(&outcome);
    packer_free(&report);
    return answer;
}

json_t *grade_answer(const struct grade_results *r, const struct grade_ending *ending, const char *id)
{
    json_t *answer = json_object();
    bool failed = r->no_memory;
    put(answer, "id", json_string(id), &failed);
    put(answer, "verdict", json_string(grade_verdict_name(grade_verdict(r, ending))), &failed);
    put(answer, "reason", reason_json(r, ending), &failed);
    put(answer, "judged", json_string(grade_judged_name(r->judged)), &failed);
    put(answer, "tests", tests_json(r, &failed), &failed);
    put(answer, "rules", rules_json(r, &failed), &failed);
    put(answer, "run", run_json(r, ending), &failed);
    if (!failed)
        return answer;
    json_decref(answer);
    return NULL;
}
