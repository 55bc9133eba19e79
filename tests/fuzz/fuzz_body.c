/* The body of POST /api/v1/runs, as anyone may send it. */
#include "api/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *no_words[] = {NULL};
static char *aliases[] = {"sh", NULL};
static struct language items[] = {
    {.name = "bash", .title = "Bash", .file = "main.sh", .aliases = aliases, .extensions = no_words}};
static const struct languages languages = {items, 1};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parsed_run parsed;
    struct problem problem = {0};
    char pointer[256];
    /* Exactly as long as it is, so that reading beyond it is seen. */
    char *body = malloc(size ? size : 1);
    if (!body)
        abort();
    memcpy(body, data, size);
    int r = parse_run(&parsed, body, size, &languages, &problem);
    free(body);
    if (r == 0) {
        if (run_request_check(&parsed.request, pointer, NULL) < 0 || parsed.language != items)
            abort();
    } else {
        json_t *json = problem_json(&problem);
        int status = problem_status(problem.type);
        if (!json || status < 400 || status > 499)
            abort();
        json_decref(json);
    }
    parsed_run_free(&parsed);
    return 0;
}
