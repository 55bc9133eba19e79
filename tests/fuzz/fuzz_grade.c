/* The body of POST /api/v1/grade, as anyone may send it, and the runs that are made of a good one. */
#include "api/grade_parse.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *no_words[] = {NULL}, *extensions[] = {".sh", NULL}, *patterns[] = {"*test.sh", NULL};
static struct language items[] = {{.name = "bash",
                                   .title = "Bash",
                                   .file = "main.sh",
                                   .aliases = no_words,
                                   .extensions = extensions,
                                   .harness = true,
                                   .grade = {.tests = "apart",
                                             .test_files = patterns,
                                             .call_file = "call.sh",
                                             .call = ". ./{file}\n{call}\n"}},
                                  {.name = "c",
                                   .title = "C",
                                   .file = "main.c",
                                   .aliases = no_words,
                                   .extensions = extensions,
                                   .grade = {.tests = "together",
                                             .test_files = patterns,
                                             .tests_file = "@all",
                                             .tests_text = "-x\n\"{solution}\"\n{test}"}}};
static const struct languages languages = {items, 2};

static int lookup(void *context, const char *id, struct grade_request *to)
{
    (void)context;
    if (strcmp(id, "a/b/c") != 0)
        return -ENOENT;
    to->language = &items[0];
    return grade_add_file(to, GRADE_TESTS, "test.sh", "", 0, true);
}

/* A request that was found good gives runs that are good. */
static void check_runs(const struct grade_request *r)
{
    static const enum grade_role roles[] = {GRADE_ROLE_TESTS, GRADE_ROLE_SOLUTION, GRADE_ROLE_TOGETHER};
    struct run_request run;
    char pointer[256];
    for (size_t i = 0; i < r->case_count; i++) {
        if (grade_run_make(&run, r, GRADE_ROLE_CASE, i, 0) < 0 || run_request_check(&run, pointer, NULL) < 0)
            abort();
        run_request_free(&run);
    }
    for (size_t i = 0; r->case_count == 0 && i < array_length(roles); i++) {
        if (grade_run_make(&run, r, roles[i], 0, 0) < 0 || run_request_check(&run, pointer, NULL) < 0)
            abort();
        run_request_free(&run);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct grade_request request;
    struct problem problem = {0};
    /* Exactly as long as it is, so that reading beyond it is seen. */
    char *body = malloc(size ? size : 1);
    if (!body)
        abort();
    memcpy(body, data, size);
    int r = parse_grade(&request, body, size, &languages, lookup, NULL, &problem);
    free(body);
    if (r == 0) {
        check_runs(&request);
    } else {
        json_t *json = problem_json(&problem);
        int status = problem_status(problem.type);
        if (!json || status < 400 || status > 499)
            abort();
        json_decref(json);
    }
    grade_request_free(&request);
    return 0;
}
