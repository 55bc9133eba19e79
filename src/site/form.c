/* What a request holds: parameters, fields of forms, JSON. */
#include "api/body.h"
#include "site/foreign.h"
#include "site/internal.h"

#include <stdio.h>

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

char *site_field(struct http_request *request, const char *name, size_t *size)
{
    size_t n, ignored;
    const char *body = http_body(request, &n);
    size_t *to = size ? size : &ignored;
    char *text = form_value(body, n, name, to);
    if (!text)
        return NULL;
    foreign_line_ends(text, to);
    if (strlen(text) == *to && utf8_valid(text, *to))
        return text;
    free(text);
    return NULL;
}

json_t *site_body(struct http_request *request, struct problem *problem)
{
    size_t n;
    const char *body = http_body(request, &n);
    json_t *json = body_load(problem, body, n);
    http_forget_body(request);
    if (!json || json_is_object(json))
        return json;
    json_decref(json);
    problem_set(problem, PROBLEM_invalid_request, "the body must be a JSON object");
    return NULL;
}

const char *site_text(const json_t *object, const char *name, struct problem *problem)
{
    char pointer[BODY_POINTER];
    const json_t *value = json_object_get(object, name);
    return value ? body_text(problem, value, body_pointer(pointer, "", name)) : "";
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
