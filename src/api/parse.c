#include "api/parse.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>

enum {
    VALUES_MOST = 10000, /* commas, colons and brackets; a request at its bounds has under 2,000 */
    DEPTH_MOST = 16,
};

/* What all the functions below pass along. */
struct reader {
    struct parsed_run *to;
    const struct languages *languages;
    struct problem *problem;
};

static int wrong(struct reader *r, const char *pointer, const char *text)
{
    return problem_at(r->problem, PROBLEM_invalid_request, pointer, "%s", text);
}

/* ---- values ---- */

static int want_bool(struct reader *r, const json_t *value, const char *pointer, bool *to)
{
    if (!json_is_boolean(value))
        return wrong(r, pointer, "it must be true or false");
    *to = json_is_true(value);
    return 0;
}

/* A string without zero characters, as names and arguments must be. */
static const char *want_text(struct reader *r, const json_t *value, const char *pointer)
{
    if (!json_is_string(value)) {
        wrong(r, pointer, "it must be a string");
        return NULL;
    }
    if (strlen(json_string_value(value)) != json_string_length(value)) {
        wrong(r, pointer, "it holds a zero character");
        return NULL;
    }
    return json_string_value(value);
}

/* The bytes of a string, in base64 or as they are; a zero byte stands behind them. */
static int want_bytes(struct reader *r, const json_t *value, const char *pointer, bool base64, uint8_t **data,
                      size_t *size)
{
    if (!json_is_string(value))
        return wrong(r, pointer, "it must be a string");
    const char *text = json_string_value(value);
    size_t n = json_string_length(value);
    if (base64) {
        int e = base64_decode(text, n, data, size);
        if (e == -EINVAL)
            return wrong(r, pointer, "it is not base64");
        return e < 0 ? problem_set(r->problem, PROBLEM_internal, "out of memory") : 0;
    }
    *data = malloc(n + 1);
    if (!*data)
        return problem_set(r->problem, PROBLEM_internal, "out of memory");
    memcpy(*data, text, n + 1);
    *size = n;
    return 0;
}

static int want_encoding(struct reader *r, const json_t *value, const char *pointer, bool *base64)
{
    const char *name = json_string_value(value);
    *base64 = name && !strcmp(name, "base64");
    if (*base64 || (name && (!strcmp(name, "utf8") || !strcmp(name, "utf-8"))))
        return 0;
    return wrong(r, pointer, "it must be \"utf8\" or \"base64\"");
}

/* RFC 6901: '~' and '/' of a name are escaped in a pointer. A long name is cut. */
static const char *pointer_to(char pointer[static 256], const char *parent, const char *name)
{
    size_t n = (size_t)snprintf(pointer, 256, "%s/", parent);
    for (; *name && n < 250; name++) {
        if (*name == '~' || *name == '/') {
            pointer[n++] = '~';
            pointer[n++] = *name == '~' ? '0' : '1';
        } else {
            pointer[n++] = *name;
        }
    }
    pointer[n] = 0;
    return pointer;
}

/* ---- fields ---- */

static int read_language(struct reader *r, const json_t *value)
{
    const char *name = want_text(r, value, "/language");
    if (!name)
        return -1;
    r->to->language = languages_find(r->languages, name);
    if (!r->to->language)
        return problem_at(r->problem, PROBLEM_unknown_language, "/language",
                          "'%.64s' is not here; GET /api/v1/languages lists those that are", name);
    r->to->request.language = strdup(r->to->language->name);
    return r->to->request.language ? 0 : problem_set(r->problem, PROBLEM_internal, "out of memory");
}

static int read_file(struct reader *r, const json_t *object, size_t i)
{
    struct run_file *file = &r->to->request.files[i];
    char parent[64], pointer[256];
    const char *key, *name = i == 0 && r->to->language ? r->to->language->file : NULL;
    const json_t *content = NULL;
    json_t *value;
    bool base64 = false;
    snprintf(parent, sizeof parent, "/files/%zu", i);
    if (!json_is_object(object))
        return wrong(r, parent, "it must be an object with name and content");
    json_object_foreach((json_t *)object, key, value)
    {
        pointer_to(pointer, parent, key);
        if (!strcmp(key, "content"))
            content = value;
        else if (!strcmp(key, "name") && !(name = want_text(r, value, pointer)))
            return -1;
        else if (!strcmp(key, "encoding") && want_encoding(r, value, pointer, &base64) < 0)
            return -1;
        else if (strcmp(key, "name") != 0 && strcmp(key, "encoding") != 0)
            return wrong(r, pointer, "there is no such field; a file has name, content and encoding");
    }
    if (!name)
        return wrong(r, pointer_to(pointer, parent, "name"), "it is missing");
    if (!content)
        return wrong(r, pointer_to(pointer, parent, "content"), "it is missing");
    file->name = strdup(name);
    if (!file->name)
        return problem_set(r->problem, PROBLEM_internal, "out of memory");
    return want_bytes(r, content, pointer_to(pointer, parent, "content"), base64, &file->data, &file->size);
}

static int read_files(struct reader *r, const json_t *value)
{
    struct run_request *request = &r->to->request;
    size_t n = json_array_size(value);
    if (!json_is_array(value) || n == 0)
        return wrong(r, "/files", "it must be a list of files; the first one is what runs");
    if (n > RUN_FILES_MOST)
        return problem_at(r->problem, PROBLEM_invalid_request, "/files", "more than %d files",
                          RUN_FILES_MOST);
    request->files = calloc(n, sizeof *request->files);
    if (!request->files)
        return problem_set(r->problem, PROBLEM_internal, "out of memory");
    request->file_count = n;
    for (size_t i = 0; i < n; i++)
        if (read_file(r, json_array_get(value, i), i) < 0)
            return -1;
    return 0;
}

static int read_stdin(struct reader *r, const json_t *value)
{
    return want_bytes(r, value, "/stdin", false, &r->to->request.stdin_data, &r->to->request.stdin_size);
}

static int read_args(struct reader *r, const json_t *value)
{
    char pointer[256];
    size_t n = json_array_size(value);
    if (!json_is_array(value))
        return wrong(r, "/args", "it must be a list of strings");
    if (n > RUN_ARGS_MOST)
        return problem_at(r->problem, PROBLEM_invalid_request, "/args", "more than %d arguments",
                          RUN_ARGS_MOST);
    r->to->request.args = calloc(n + 1, sizeof(char *));
    for (size_t i = 0; r->to->request.args && i < n; i++) {
        snprintf(pointer, sizeof pointer, "/args/%zu", i);
        const char *text = want_text(r, json_array_get(value, i), pointer);
        if (!text)
            return -1;
        if (!(r->to->request.args[i] = strdup(text)))
            return problem_set(r->problem, PROBLEM_internal, "out of memory");
    }
    return r->to->request.args ? 0 : problem_set(r->problem, PROBLEM_internal, "out of memory");
}

static int read_env(struct reader *r, const json_t *value)
{
    char pointer[256];
    const char *key;
    json_t *item;
    size_t i = 0;
    if (!json_is_object(value))
        return wrong(r, "/env", "it must be an object of strings");
    if (json_object_size(value) > RUN_ENV_MOST)
        return problem_at(r->problem, PROBLEM_invalid_request, "/env", "more than %d variables",
                          RUN_ENV_MOST);
    char **env = r->to->request.env = calloc(json_object_size(value) + 1, sizeof(char *));
    if (!env)
        return problem_set(r->problem, PROBLEM_internal, "out of memory");
    json_object_foreach((json_t *)value, key, item)
    {
        const char *text = want_text(r, item, pointer_to(pointer, "/env", key));
        if (!text)
            return -1;
        if (strchr(key, '='))
            return wrong(r, pointer, "the variable's name holds a '='");
        if (asprintf(&env[i], "%s=%s", key, text) < 0) {
            env[i] = NULL;
            return problem_set(r->problem, PROBLEM_internal, "out of memory");
        }
        i++;
    }
    return 0;
}

static int read_limits(struct reader *r, const json_t *value)
{
    char pointer[256];
    const char *key;
    json_t *item;
    if (!json_is_object(value))
        return wrong(r, "/limits", "it must be an object of numbers");
    json_object_foreach((json_t *)value, key, item)
    {
        uint64_t *field = limits_field(&r->to->request.limits, key);
        pointer_to(pointer, "/limits", key);
        if (!field)
            return wrong(r, pointer, "there is no such limit");
        if (!json_is_integer(item) || json_integer_value(item) < 0)
            return wrong(r, pointer, "it must be a whole number, not negative");
        *field = (uint64_t)json_integer_value(item);
    }
    return 0;
}

static int read_trace(struct reader *r, const json_t *value)
{
    return want_bool(r, value, "/trace", &r->to->request.trace);
}

static int read_interactive(struct reader *r, const json_t *value)
{
    return want_bool(r, value, "/interactive", &r->to->request.interactive);
}

static int read_encoding(struct reader *r, const json_t *value)
{
    return want_encoding(r, value, "/encoding", &r->to->base64);
}

/* The language comes first: it names the first file. */
static const struct {
    const char *name;
    bool required;
    int (*read)(struct reader *r, const json_t *value);
} fields[] = {
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

static int check_known(struct reader *r, const json_t *root)
{
    char pointer[256];
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < array_length(fields); i++)
            known |= !strcmp(fields[i].name, key);
        if (!known)
            return wrong(r, pointer_to(pointer, "", key), "there is no such field");
    }
    return 0;
}

static int read_root(struct reader *r, const json_t *root)
{
    char pointer[256];
    if (!json_is_object(root))
        return problem_set(r->problem, PROBLEM_invalid_request, "the body must be a JSON object");
    if (check_known(r, root) < 0)
        return -1;
    for (size_t i = 0; i < array_length(fields); i++) {
        const json_t *value = json_object_get(root, fields[i].name);
        if (value && fields[i].read(r, value) < 0)
            return -1;
        if (!value && fields[i].required)
            return wrong(r, pointer_to(pointer, "", fields[i].name), "it is missing");
    }
    return 0;
}

/* ---- the whole ---- */

/* A value of three bytes takes jansson over a hundred: what has far more values than a request can is turned
 * away before a tree is made of it. */
static bool too_many_values(const char *body, size_t n)
{
    size_t values = 0, depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        char c = body[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{' || c == ',' || c == ':') {
            depth += c == '[' || c == '{';
            if (++values > VALUES_MOST || depth > DEPTH_MOST)
                return true;
        } else if (c == ']' || c == '}') {
            depth -= depth > 0;
        }
    }
    return false;
}

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
    json_error_t error;
    *parsed = (struct parsed_run){.request.limits = limits_unset()};
    if (too_many_values(body, size))
        return problem_set(problem, PROBLEM_invalid_request, "it has far more values than a run can have");
    json_t *root = json_loadb(body, size, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return problem_set(problem, PROBLEM_invalid_json, "line %d, column %d: %.200s", error.line,
                           error.column, error.text);
    int result = read_root(&r, root);
    json_decref(root);
    return result < 0 ? result : parsed_run_finish(parsed, problem);
}

void parsed_run_free(struct parsed_run *parsed)
{
    run_request_free(&parsed->request);
    *parsed = (struct parsed_run){0};
}
