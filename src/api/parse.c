#include "api/parse.h"
#include "api/body.h"

#include <sodium.h>
#include <stdio.h>

/* What all the functions below pass along. */
struct reader {
    struct parsed_run *to;
    const struct languages *languages;
    struct problem *problem;
};

/* ---- fields ---- */

static int read_language(void *reader, const json_t *value)
{
    struct reader *r = reader;
    if (body_language(r->problem, value, r->languages, &r->to->language) < 0)
        return -1;
    r->to->request.language = strdup(r->to->language->name);
    return r->to->request.language ? 0 : body_no_memory(r->problem);
}

static int read_file(struct reader *r, const json_t *object, size_t i)
{
    struct body_file file;
    char pointer[64];
    snprintf(pointer, sizeof pointer, "/files/%zu", i);
    const char *standard = i == 0 && r->to->language ? r->to->language->file : NULL;
    if (body_file(r->problem, object, pointer, standard, false, &file) < 0)
        return -1;
    r->to->request.files[i] =
        (struct run_file){.name = strdup(file.name), .data = file.data, .size = file.size};
    return r->to->request.files[i].name ? 0 : body_no_memory(r->problem);
}

static int read_files(void *reader, const json_t *value)
{
    struct reader *r = reader;
    struct run_request *request = &r->to->request;
    size_t n;
    if (!json_is_array(value) || json_array_size(value) == 0)
        return body_wrong(r->problem, "/files", "it must be a list of files; the first one is what runs");
    if (body_list(r->problem, value, "/files", RUN_FILES_MOST, "files", &n) < 0)
        return -1;
    request->files = calloc(n, sizeof *request->files);
    if (!request->files)
        return body_no_memory(r->problem);
    request->file_count = n;
    for (size_t i = 0; i < n; i++)
        if (read_file(r, json_array_get(value, i), i) < 0)
            return -1;
    return 0;
}

static int read_stdin(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_bytes(r->problem, value, "/stdin", false, &r->to->request.stdin_data,
                      &r->to->request.stdin_size);
}

static int read_args(void *reader, const json_t *value)
{
    struct reader *r = reader;
    char pointer[64];
    size_t n;
    if (!json_is_array(value))
        return body_wrong(r->problem, "/args", "it must be a list of strings");
    if (body_list(r->problem, value, "/args", RUN_ARGS_MOST, "arguments", &n) < 0)
        return -1;
    r->to->request.args = calloc(n + 1, sizeof(char *));
    for (size_t i = 0; r->to->request.args && i < n; i++) {
        snprintf(pointer, sizeof pointer, "/args/%zu", i);
        const char *text = body_text(r->problem, json_array_get(value, i), pointer);
        if (!text)
            return -1;
        if (!(r->to->request.args[i] = strdup(text)))
            return body_no_memory(r->problem);
    }
    return r->to->request.args ? 0 : body_no_memory(r->problem);
}

static int read_env(void *reader, const json_t *value)
{
    struct reader *r = reader;
    char pointer[BODY_POINTER];
    const char *key;
    json_t *item;
    size_t i = 0;
    if (!json_is_object(value))
        return body_wrong(r->problem, "/env", "it must be an object of strings");
    if (json_object_size(value) > RUN_ENV_MOST)
        return problem_at(r->problem, PROBLEM_invalid_request, "/env", "more than %d variables",
                          RUN_ENV_MOST);
    char **env = r->to->request.env = calloc(json_object_size(value) + 1, sizeof(char *));
    if (!env)
        return body_no_memory(r->problem);
    json_object_foreach((json_t *)value, key, item)
    {
        const char *text = body_text(r->problem, item, body_pointer(pointer, "/env", key));
        if (!text)
            return -1;
        if (strchr(key, '='))
            return body_wrong(r->problem, pointer, "the variable's name holds a '='");
        if (asprintf(&env[i], "%s=%s", key, text) < 0) {
            env[i] = NULL;
            return body_no_memory(r->problem);
        }
        i++;
    }
    return 0;
}

static int read_limits(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_limits(r->problem, value, &r->to->request.limits);
}

static int read_trace(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_bool(r->problem, value, "/trace", &r->to->request.trace);
}

static int read_interactive(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_bool(r->problem, value, "/interactive", &r->to->request.interactive);
}

static int read_encoding(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_encoding(r->problem, value, "/encoding", &r->to->base64);
}

/* The language comes first: it names the first file. */
static const struct body_field fields[] = {
    {"language", true, read_language},
    {"files", true, read_files},
    {"stdin", false, read_stdin},
    {"args", false, read_args},
    {"env", false, read_env},
    {"limits", false, read_limits},
    {"trace", false, read_trace},
    {"encoding", false, read_encoding},
    {"interactive", false, read_interactive},
};

/* ---- the whole ---- */

int parsed_run_finish(struct parsed_run *parsed, struct problem *problem)
{
    crypto_hash_sha256_state state;
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct error err;
    char pointer[256] = "";
    crypto_hash_sha256_init(&state);
    parsed->source_size = 0;
    for (size_t i = 0; i < parsed->request.file_count; i++) {
        const struct run_file *file = &parsed->request.files[i];
        crypto_hash_sha256_update(&state, file->data, file->size);
        parsed->source_size += file->size;
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(parsed->source_hash, sizeof parsed->source_hash, hash, sizeof hash);
    if (run_request_check(&parsed->request, pointer, &err) < 0)
        return problem_at(problem, PROBLEM_invalid_request, pointer, "%.500s", err.text);
    return 0;
}

int parse_run(struct parsed_run *parsed, const char *body, size_t size, const struct languages *languages,
              struct problem *problem)
{
    struct reader r = {parsed, languages, problem};
    *parsed = (struct parsed_run){.request.limits = limits_unset()};
    json_t *root = body_load(problem, body, size);
    if (!root)
        return -1;
    int result = body_object(problem, root, fields, array_length(fields), &r);
    json_decref(root);
    return result < 0 ? result : parsed_run_finish(parsed, problem);
}

void parsed_run_free(struct parsed_run *parsed)
{
    run_request_free(&parsed->request);
    *parsed = (struct parsed_run){0};
}
