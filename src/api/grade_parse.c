#include "api/grade_parse.h"
#include "api/body.h"

#include <errno.h>
#include <stdio.h>

/* What all the functions below pass along. */
struct reader {
    struct grade_request *to;
    const struct languages *languages;
    api_exercise_lookup *lookup;
    void *lookup_context;
    struct problem *problem;
};

static int read_exercise(void *reader, const json_t *value)
{
    struct reader *r = reader;
    const char *id = body_text(r->problem, value, "/exercise");
    if (!id)
        return -1;
    int e = r->lookup ? r->lookup(r->lookup_context, id, r->to) : -ENOENT;
    if (e == -ENOENT)
        return problem_at(r->problem, PROBLEM_unknown_exercise, "/exercise", "'%.128s' is not here", id);
    return e < 0 ? body_no_memory(r->problem) : 0;
}

static int read_language(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_language(r->problem, value, r->languages, &r->to->language);
}

static int read_part(struct reader *r, const json_t *list, const char *parent, enum grade_part part)
{
    char pointer[64];
    size_t n;
    if (body_list(r->problem, list, parent, RUN_FILES_MOST, "files", &n) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct body_file file;
        const char *standard = r->to->file ? r->to->file : r->to->language ? r->to->language->file : NULL;
        snprintf(pointer, sizeof pointer, "%s/%zu", parent, i);
        if (body_file(r->problem, json_array_get(list, i), pointer,
                      part == GRADE_SOLUTION && i == 0 ? standard : NULL, part == GRADE_TESTS, &file) < 0)
            return -1;
        int e = grade_add_file(r->to, part, file.name, file.data, file.size, file.hidden);
        free(file.data);
        if (e < 0)
            return body_no_memory(r->problem);
    }
    return 0;
}

static int read_files(void *reader, const json_t *value)
{
    return read_part(reader, value, "/files", GRADE_SOLUTION);
}

static int read_tests(void *reader, const json_t *value)
{
    return read_part(reader, value, "/tests", GRADE_TESTS);
}

static int read_support(void *reader, const json_t *value)
{
    return read_part(reader, value, "/support", GRADE_SUPPORT);
}

/* ---- rules ---- */

static int read_words(struct reader *r, const json_t *list, const char *parent, char ***to)
{
    char pointer[BODY_POINTER + 32];
    size_t n;
    if (body_list(r->problem, list, parent, GRADE_RULES_MOST, "rules", &n) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        snprintf(pointer, sizeof pointer, "%s/%zu", parent, i);
        const char *word = body_text(r->problem, json_array_get(list, i), pointer);
        if (!word)
            return -1;
        if (strings_add(to, strdup(word)) < 0)
            return body_no_memory(r->problem);
    }
    return 0;
}

static int read_rules(void *reader, const json_t *value)
{
    struct reader *r = reader;
    char pointer[BODY_POINTER];
    const char *key;
    json_t *item;
    if (!json_is_object(value))
        return body_wrong(r->problem, "/rules", "it must be an object with forbid and require");
    json_object_foreach((json_t *)value, key, item)
    {
        body_pointer(pointer, "/rules", key);
        bool forbid = !strcmp(key, "forbid");
        if (!forbid && strcmp(key, "require") != 0)
            return body_wrong(r->problem, pointer, "there is no such field; rules have forbid and require");
        if (read_words(r, item, pointer, forbid ? &r->to->forbid : &r->to->require) < 0)
            return -1;
    }
    return 0;
}

/* ---- cases ---- */

static int read_case(struct reader *r, const json_t *object, const char *parent)
{
    char pointer[BODY_POINTER];
    const char *key;
    json_t *item;
    struct grade_case c = {0};
    const struct {
        const char *name;
        char **text;
    } fields[] = {{"name", &c.name}, {"stdin", &c.input}, {"stdout", &c.output},
                  {"call", &c.call}, {"value", &c.value}, {"hidden", NULL}};
    if (!json_is_object(object))
        return body_wrong(r->problem, parent, "it must be an object with stdout, or with call and value");
    json_object_foreach((json_t *)object, key, item)
    {
        size_t i = 0;
        body_pointer(pointer, parent, key);
        while (i < array_length(fields) && strcmp(fields[i].name, key) != 0)
            i++;
        if (i == array_length(fields))
            return body_wrong(
                r->problem, pointer,
                "there is no such field; a case has stdin and stdout, or call and value, and name "
                "and hidden");
        if (!fields[i].text) {
            if (body_bool(r->problem, item, pointer, &c.hidden) < 0)
                return -1;
            continue;
        }
        if (!(*fields[i].text = (char *)body_text(r->problem, item, pointer)))
            return -1;
    }
    c.input_size = c.input ? strlen(c.input) : 0;
    return grade_add_case(r->to, &c) < 0 ? body_no_memory(r->problem) : 0;
}

static int read_expect(void *reader, const json_t *value)
{
    struct reader *r = reader;
    char pointer[64];
    size_t n;
    if (body_list(r->problem, value, "/expect", GRADE_CASES_MOST, "cases", &n) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        snprintf(pointer, sizeof pointer, "/expect/%zu", i);
        if (read_case(r, json_array_get(value, i), pointer) < 0)
            return -1;
    }
    return 0;
}

static int read_together(void *reader, const json_t *value)
{
    struct reader *r = reader;
    bool allowed = false;
    int e = body_bool(r->problem, value, "/together", &allowed);
    r->to->apart_only = !allowed;
    return e;
}

static int read_limits(void *reader, const json_t *value)
{
    struct reader *r = reader;
    return body_limits(r->problem, value, &r->to->limits);
}

/* ---- the whole ---- */

/* The language comes before the files: it names the first one. */
static const struct body_field fields[] = {
    {"language", true, read_language},  {"files", true, read_files},    {"tests", false, read_tests},
    {"support", false, read_support},   {"rules", false, read_rules},   {"expect", false, read_expect},
    {"together", false, read_together}, {"limits", false, read_limits},
};
/* An exercise brings everything else with it. */
static const struct body_field exercise_fields[] = {
    {"exercise", true, read_exercise},
    {"files", true, read_files},
    {"limits", false, read_limits},
};

int grade_problem(const struct grade_request *r, struct problem *problem)
{
    char pointer[256];
    struct error err;
    bool unable;
    int e = grade_request_check(r, pointer, &unable, &err);
    if (e == -ENOMEM)
        return body_no_memory(problem);
    if (e < 0)
        return problem_at(problem, unable ? PROBLEM_not_gradable : PROBLEM_invalid_request, pointer, "%.500s",
                          err.text);
    return 0;
}

/* Judged together, a solution could read what is hidden: only where that was asked for. */
static void keep_hidden_apart(struct grade_request *r, const json_t *root)
{
    const struct grade_files *tests = &r->parts[GRADE_TESTS];
    for (size_t i = 0; !json_object_get(root, "together") && i < tests->count; i++)
        if (tests->items[i].hidden && grade_plan(r) == GRADE_APART)
            r->apart_only = true;
}

int parse_grade(struct grade_request *to, const char *body, size_t size, const struct languages *languages,
                api_exercise_lookup *lookup, void *lookup_context, struct problem *problem)
{
    struct reader r = {to, languages, lookup, lookup_context, problem};
    *to = grade_request_new(NULL);
    json_t *root = body_load(problem, body, size);
    if (!root)
        return -1;
    bool exercise = json_object_get(root, "exercise");
    int result = exercise ? body_object(problem, root, exercise_fields, array_length(exercise_fields), &r)
                          : body_object(problem, root, fields, array_length(fields), &r);
    if (result == 0 && !exercise)
        keep_hidden_apart(to, root);
    json_decref(root);
    return result < 0 ? result : grade_problem(to, problem);
}
