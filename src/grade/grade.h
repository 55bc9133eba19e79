/* grade: verdicts. What is to be judged, the runs that this takes, what they tell, and the answer.
 *
 * Theory of operation. A request (struct grade_request) holds a solution and either tests or cases. The
 * caller asks grade_plan() how to begin, makes the runs with grade_run_make() and executes them.
 *
 * Judged apart, there are two linked runs. The tests' run holds no code of the learner's; what it writes on
 * its standard output goes to grade_results_feed(). When it asks for it (results->together), both are stopped
 * and one run for both follows.
 *
 * Judged together, one run holds tests and solution. Its report goes to grade_results_feed_report(), or,
 * where the language has no harness, its standard output to grade_results_feed_marked().
 *
 * Judged by output, there is one run for each case, one after the other; each goes to grade_case_done().
 *
 * Then grade_answer() says what came of it. The verdict is made here, outside of every sandbox; what the runs
 * tell is read as hostile data, with a bound on everything. What is hidden of a request (tests, cases) never
 * gets further than its name and its status.
 *
 * All of it is plain data: this room touches nothing.
 */
#ifndef PHIAL_GRADE_GRADE_H
#define PHIAL_GRADE_GRADE_H

#include "run/run.h"

#include <jansson.h>

/* ---- the request (request.c) ---- */

enum {
    GRADE_CASES_MOST = 100,
    GRADE_CASE_BYTES_MOST = 1 << 20, /* of one text of a case */
    GRADE_RULES_MOST = 50,           /* words of each kind */
    GRADE_RULE_BYTES_MOST = 100,
    GRADE_NAME_MOST = 1024, /* bytes of the name of a test or case */
};

enum grade_part {
    GRADE_SOLUTION, /* the learner's files; never in the tests' sandbox */
    GRADE_TESTS,    /* tests and their helpers, for the tests' sandbox only; what is no code of the language
                       (fixtures) is for the solution's too, unless it is hidden */
    GRADE_SUPPORT,  /* helper modules and fixtures of the exercise, for both */
    GRADE_PARTS,
};
struct grade_file {
    char *name;
    uint8_t *data;
    size_t size;
    bool hidden; /* of its tests only names and statuses are told */
};
struct grade_files {
    struct grade_file *items;
    size_t count;
};
struct grade_case { /* judged from outside: what a run prints, or what a call evaluates to */
    char *name;     /* NULL: made of its number or its call */
    char *input;    /* standard input; NULL for none */
    size_t input_size;
    char *output; /* expected standard output, white space at the ends of lines aside; NULL with a call */
    char *call, *value; /* an expression of the language and its expected value as the language writes it */
    bool hidden;
};
struct grade_request {
    const struct language *language;
    struct grade_files parts[GRADE_PARTS];
    char **forbid, **require; /* code rules, NULL-ended; NULL for none */
    struct grade_case *cases; /* when there are any there are no tests */
    size_t case_count;
    char mark[33];   /* a secret of this grading, which the caller sets; see grade_results_feed_marked() */
    bool apart_only; /* a solution can make tests that import it depend on a macro of its own, and so ask to
                        be judged in one run, where it could reach them: here that is an error */
    struct limits limits; /* of each run; of all runs of cases together as to time */
    char *exercise;       /* its id, when it is one of the site's; for the records */
    char *file; /* what a first file of the solution is called that has no name; NULL: as the language
                   says */
};

/* An empty request; limits are unset. */
struct grade_request grade_request_new(const struct language *language);
/* Each copies what it is given. 0 or -ENOMEM. */
int grade_add_file(struct grade_request *r, enum grade_part part, const char *name, const void *data,
                   size_t size, bool hidden);
int grade_add_case(struct grade_request *r, const struct grade_case *added);
int grade_add_rules(char ***to, char *const *words);
/* Everything that can be wrong with it. On failure *pointer gets the JSON pointer of the offending field of
 * the API's request (docs/api.md), and *unable is true when nothing is wrong but the language cannot do it.
 */
int grade_request_check(const struct grade_request *r, char pointer[static 256], bool *unable,
                        struct error *err);
void grade_request_free(struct grade_request *r);

/* ---- the runs (plan.c) ---- */

enum grade_judged { GRADE_APART, GRADE_TOGETHER, GRADE_OUTPUT };
const char *grade_judged_name(enum grade_judged judged);
/* How it begins. */
enum grade_judged grade_plan(const struct grade_request *r);

enum grade_role { GRADE_ROLE_TESTS, GRADE_ROLE_SOLUTION, GRADE_ROLE_TOGETHER, GRADE_ROLE_CASE };
/* The run for a role; `index` is that of the case. `spent_ms` is what the cases before it have used of the
 * time: -ETIME when nothing is left. The caller frees with run_request_free(). */
int grade_run_make(struct run_request *to, const struct grade_request *r, enum grade_role role, size_t index,
                   uint64_t spent_ms);

/* ---- what the runs tell (results.c) ---- */

enum {
    GRADE_TESTS_MOST = 500,
    GRADE_LINE_MOST = 512 << 10,
    GRADE_MESSAGE_MOST = 16 << 10,
    GRADE_OUTPUT_MOST = 16 << 10,
    GRADE_VALUE_MOST = 8 << 10,
    GRADE_TEXTS_MOST = 4 << 20, /* all texts of one grading; what is beyond is left out */
    GRADE_BROKEN_MOST = 100,
};

#define GRADE_STATUSES(X) X(missing) X(pass) X(fail) X(error) X(skip)
enum grade_status {
#define X(name) GRADE_STATUS_##name,
    GRADE_STATUSES(X)
#undef X
};

struct grade_test {
    char *name, *file; /* file: NULL for a case */
    uint32_t line;     /* 0 when unknown */
    int64_t task;      /* -1 for none */
    enum grade_status status;
    char *message, *expected, *actual, *output; /* NULL when not told */
    char *input; /* a case's standard input, when it did not pass; NULL for none */
    double ms;   /* below 0 when not told */
    bool hidden;
};
struct grade_broken { /* a rule that the solution breaks */
    char *rule;
    bool required;
    uint32_t line; /* 0 when unknown, and for what is required and missing */
};
struct grade_results {
    const struct grade_request *request;
    enum grade_judged judged;
    struct grade_test *tests;
    size_t test_count;
    struct grade_broken *broken;
    size_t broken_count;
    bool planned, running, ended, compile_error;
    bool tests_broken;   /* a compiler's error was told of a file of the tests */
    char *together;      /* why these tests must be judged in one run; NULL when they need not */
    char fault[128];     /* the first thing that no honest runner tells; "" for none */
    struct packer notes; /* what was told of diagnostics, as lines of a report */
    struct packer line;  /* not yet at its end */
    size_t text_bytes;
    bool line_too_long, no_memory;
};
/* `request` must stay until grade_results_free(). */
void grade_results_begin(struct grade_results *results, const struct grade_request *request,
                         enum grade_judged judged);
/* Bytes of the tests' standard output, as they come. */
void grade_results_feed(struct grade_results *results, const void *data, size_t size);
/* Bytes of the report of a run `together`, or of a case: lines {"grade": {...}} count. */
void grade_results_feed_report(struct grade_results *results, const void *data, size_t size);
/* Bytes of the standard output of a run `together` in a language without a harness: lines behind the
 * request's mark count. Only what runs the tests is told the mark, and it is that run's standard input. */
void grade_results_feed_marked(struct grade_results *results, const void *data, size_t size);
void grade_results_free(struct grade_results *results);

/* ---- cases (compare.c) ---- */

/* Judges the case by how its run went; the first one fills the list of tests. `outcome` is NULL when there
 * was no time left to run it. */
int grade_case_done(struct grade_results *results, size_t index, const struct run_outcome *outcome);
/* True when the texts are the same but for white space at the ends of lines and empty lines at the end. */
bool grade_same_text(const char *expected, const char *actual);

/* ---- the answer (answer.c) ---- */

#define GRADE_VERDICTS(X) X(pass) X(fail) X(error)
enum grade_verdict {
#define X(name) GRADE_##name,
    GRADE_VERDICTS(X)
#undef X
};
const char *grade_verdict_name(enum grade_verdict verdict);
const char *grade_status_name(enum grade_status status);

struct grade_ending {                   /* how the runs went; NULL where there was none */
    const struct run_outcome *solution; /* of the solution, of both together, or of the case to be shown */
    const struct run_result *tests;     /* of the tests, when they had a run of their own */
    const uint8_t *tests_errors;        /* what that wrote on standard error */
    size_t tests_errors_size;
};
enum grade_verdict grade_verdict(const struct grade_results *results, const struct grade_ending *ending);
/* The answer of docs/api.md: a fresh reference, or NULL when out of memory. */
json_t *grade_answer(const struct grade_results *results, const struct grade_ending *ending, const char *id);

#endif
