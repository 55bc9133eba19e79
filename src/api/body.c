#include "api/body.h"

#include <errno.h>
#include <stdio.h>

enum {
    VALUES_MOST = 10000, /* commas, colons and brackets; a request at its bounds has under 2,000 */
    DEPTH_MOST = 16,
};

int body_wrong(struct problem *problem, const char *pointer, const char *text)
{
    return problem_at(problem, PROBLEM_invalid_request, pointer, "%s", text);
}

int body_no_memory(struct problem *problem)
{
    return problem_set(problem, PROBLEM_internal, "out of memory");
}

/* ---- values ---- */

int body_bool(struct problem *problem, const json_t *value, const char *pointer, bool *to)
{
    if (!json_is_boolean(value))
        return body_wrong(problem, pointer, "it must be true or false");
    *to = json_is_true(value);
    return 0;
}

const char *body_text(struct problem *problem, const json_t *value, const char *pointer)
{
    if (!json_is_string(value)) {
        body_wrong(problem, pointer, "it must be a string");
        return NULL;
    }
    if (strlen(json_string_value(value)) != json_string_length(value)) {
        body_wrong(problem, pointer, "it holds a zero character");
        return NULL;
    }
    return json_string_value(value);
}

int body_bytes(struct problem *problem, const json_t *value, const char *pointer, bool base64, uint8_t **data,
               size_t *size)
{
    if (!json_is_string(value))
        return body_wrong(problem, pointer, "it must be a string");
    const char *text = json_string_value(value);
    size_t n = json_string_length(value);
    if (base64) {
        int e = base64_decode(text, n, data, size);
        if (e == -EINVAL)
            return body_wrong(problem, pointer, "it is not base64");
        return e < 0 ? body_no_memory(problem) : 0;
    }
    *data = malloc(n + 1);
    if (!*data)
        return body_no_memory(problem);
    memcpy(*data, text, n + 1);
    *size = n;
    return 0;
}

int body_encoding(struct problem *problem, const json_t *value, const char *pointer, bool *base64)
{
    const char *name = json_string_value(value);
    *base64 = name && !strcmp(name, "base64");
    if (*base64 || (name && (!strcmp(name, "utf8") || !strcmp(name, "utf-8"))))
        return 0;
    return body_wrong(problem, pointer, "it must be \"utf8\" or \"base64\"");
}

int body_limits(struct problem *problem, const json_t *value, struct limits *limits)
{
    char pointer[BODY_POINTER];
    const char *key;
    json_t *item;
    if (!json_is_object(value))
        return body_wrong(problem, "/limits", "it must be an object of numbers");
    json_object_foreach((json_t *)value, key, item)
    {
        uint64_t *field = limits_field(limits, key);
        body_pointer(pointer, "/limits", key);
        if (!field)
            return body_wrong(problem, pointer, "there is no such limit");
        if (!json_is_integer(item) || json_integer_value(item) < 0)
            return body_wrong(problem, pointer, "it must be a whole number, not negative");
        *field = (uint64_t)json_integer_value(item);
    }
    return 0;
}

int body_language(struct problem *problem, const json_t *value, const struct languages *languages,
                  const struct language **language)
{
    const char *name = body_text(problem, value, "/language");
    if (!name)
        return -1;
    *language = languages_find(languages, name);
    if (!*language)
        return problem_at(problem, PROBLEM_unknown_language, "/language",
                          "'%.64s' is not here; GET /api/v1/languages lists those that are", name);
    return 0;
}

int body_list(struct problem *problem, const json_t *value, const char *pointer, size_t most,
              const char *what, size_t *n)
{
    *n = json_array_size(value);
    if (!json_is_array(value))
        return problem_at(problem, PROBLEM_invalid_request, pointer, "it must be a list of %s", what);
    if (*n > most)
        return problem_at(problem, PROBLEM_invalid_request, pointer, "more than %zu %s", most, what);
    return 0;
}

/* ---- objects ---- */

const char *body_pointer(char pointer[static BODY_POINTER], const char *parent, const char *name)
{
    size_t n = (size_t)snprintf(pointer, BODY_POINTER, "%s/", parent);
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

int body_file(struct problem *problem, const json_t *value, const char *parent, const char *standard,
              bool may_hide, struct body_file *file)
{
    char pointer[BODY_POINTER];
    const char *key;
    const json_t *content = NULL;
    json_t *item;
    bool base64 = false;
    *file = (struct body_file){.name = standard};
    if (!json_is_object(value))
        return body_wrong(problem, parent, "it must be an object with name and content");
    json_object_foreach((json_t *)value, key, item)
    {
        body_pointer(pointer, parent, key);
        if (!strcmp(key, "content"))
            content = item;
        else if (!strcmp(key, "name") && !(file->name = body_text(problem, item, pointer)))
            return -1;
        else if (!strcmp(key, "encoding") && body_encoding(problem, item, pointer, &base64) < 0)
            return -1;
        else if (may_hide && !strcmp(key, "hidden") && body_bool(problem, item, pointer, &file->hidden) < 0)
            return -1;
        else if (strcmp(key, "name") != 0 && strcmp(key, "encoding") != 0 &&
                 (!may_hide || strcmp(key, "hidden") != 0))
            return problem_at(problem, PROBLEM_invalid_request, pointer,
                              "there is no such field; a file has name, content%s encoding%s",
                              may_hide ? "," : " and", may_hide ? " and hidden" : "");
    }
    if (!file->name)
        return body_wrong(problem, body_pointer(pointer, parent, "name"), "it is missing");
    if (!content)
        return body_wrong(problem, body_pointer(pointer, parent, "content"), "it is missing");
    return body_bytes(problem, content, body_pointer(pointer, parent, "content"), base64, &file->data,
                      &file->size);
}

static int check_known(struct problem *problem, const json_t *object, const struct body_field *fields,
                       size_t count)
{
    char pointer[BODY_POINTER];
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known |= !strcmp(fields[i].name, key);
        if (!known)
            return body_wrong(problem, body_pointer(pointer, "", key), "there is no such field");
    }
    return 0;
}

int body_object(struct problem *problem, const json_t *object, const struct body_field *fields, size_t count,
                void *reader)
{
    char pointer[BODY_POINTER];
    if (!json_is_object(object))
        return problem_set(problem, PROBLEM_invalid_request, "the body must be a JSON object");
    if (check_known(problem, object, fields, count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, fields[i].name);
        if (value && fields[i].read(reader, value) < 0)
            return -1;
        if (!value && fields[i].required)
            return body_wrong(problem, body_pointer(pointer, "", fields[i].name), "it is missing");
    }
    return 0;
}

/* ---- the whole ---- */

/* A value of three bytes takes jansson over a hundred. */
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

json_t *body_load(struct problem *problem, const char *body, size_t size)
{
    json_error_t error;
    if (too_many_values(body, size)) {
        problem_set(problem, PROBLEM_invalid_request, "it has far more values than a request can have");
        return NULL;
    }
    json_t *root = json_loadb(body, size, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    if (!root)
        problem_set(problem, PROBLEM_invalid_json, "line %d, column %d: %.200s", error.line, error.column,
                    error.text);
    return root;
}
