/* What a request holds: parameters, fields of forms, JSON. */
#include "site/internal.h"

#include <stdio.h>

enum { BODY_VALUES_MOST = 64 };

char *site_query(struct http_request *request, const char *name)
{
    char text[256], field[300];
    size_t size;
    const char *value = http_query(request, name, text);
    if (!value)
        return NULL;
    int n = snprintf(field, sizeof field, "v=%s", value);
    char *decoded = form_value(field, (size_t)n, "v", &size);
    if (decoded && strlen(decoded) == size && utf8_valid(decoded, size))
        return decoded;
    free(decoded);
    return NULL;
}

/* Browsers send line ends as CR LF. */
static void plain_line_ends(char *text, size_t *size)
{
    size_t to = 0;
    for (size_t i = 0; i < *size; i++)
        if (text[i] != '\r' || i + 1 == *size || text[i + 1] != '\n')
            text[to++] = text[i];
    text[to] = 0;
    *size = to;
}

char *site_field(struct http_request *request, const char *name, size_t *size)
{
    size_t n, ignored;
    const char *body = http_body(request, &n);
    size_t *to = size ? size : &ignored;
    char *text = form_value(body, n, name, to);
    if (!text)
        return NULL;
    plain_line_ends(text, to);
    if (strlen(text) == *to && utf8_valid(text, *to))
        return text;
    free(text);
    return NULL;
}

/* A body of the site's holds a few strings: what has far more values would cost a hundred times its bytes. */
static bool too_many_values(const char *body, size_t n)
{
    size_t values = 0;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        if (in_string && body[i] == '\\')
            i++;
        else if (body[i] == '"')
            in_string = !in_string;
        else if (!in_string && strchr("[{,:", body[i]) && ++values > BODY_VALUES_MOST)
            return true;
    }
    return false;
}

json_t *site_body(struct http_request *request, struct problem *problem)
{
    json_error_t error;
    size_t n;
    const char *body = http_body(request, &n);
    if (too_many_values(body, n)) {
        problem_set(problem, PROBLEM_invalid_request, "it has far more values than are asked for");
        return NULL;
    }
    json_t *json = json_loadb(body, n, JSON_REJECT_DUPLICATES, &error);
    http_forget_body(request);
    if (!json)
        problem_set(problem, PROBLEM_invalid_json, "line %d, column %d: %.200s", error.line, error.column,
                    error.text);
    if (!json || json_is_object(json))
        return json;
    json_decref(json);
    problem_set(problem, PROBLEM_invalid_request, "the body must be a JSON object");
    return NULL;
}

const char *site_text(const json_t *object, const char *name, struct problem *problem)
{
    char pointer[64];
    const json_t *value = json_object_get(object, name);
    if (!value || json_is_null(value))
        return "";
    if (json_is_string(value)) /* without zero characters: site_body() lets none in */
        return json_string_value(value);
    snprintf(pointer, sizeof pointer, "/%s", name);
    problem_at(problem, PROBLEM_invalid_request, pointer, "it must be a string");
    return NULL;
}

int site_make_run(struct parsed_run *parsed, const struct language *language, const char *before,
                  const char *code, const char *input, struct problem *problem)
{
    *parsed = (struct parsed_run){.request.limits = limits_unset(), .language = language};
    if (!language)
        return problem_set(problem, PROBLEM_unknown_language, "choose one of the list");
    if (!code)
        return problem_set(problem, PROBLEM_invalid_request, "there is no code, or it is not text in UTF-8");
    struct run_request *r = &parsed->request;
    size_t n = before ? strlen(before) : 0;
    char *program = NULL;
    r->files = calloc(1, sizeof *r->files);
    r->language = strdup(language->name);
    r->stdin_data = (uint8_t *)strdup(input ? input : "");
    if (asprintf(&program, "%s%s%s", before ? before : "", n > 0 && before[n - 1] != '\n' ? "\n" : "", code) <
        0)
        program = NULL;
    if (r->files) {
        r->file_count = 1;
        r->files[0] = (struct run_file){.name = strdup(language->file),
                                        .data = (uint8_t *)program,
                                        .size = program ? strlen(program) : 0};
    } else {
        free(program);
    }
    if (!r->files || !r->language || !r->stdin_data || !r->files[0].name || !program)
        return problem_set(problem, PROBLEM_internal, "out of memory");
    r->stdin_size = strlen((char *)r->stdin_data);
    return parsed_run_finish(parsed, problem);
}
