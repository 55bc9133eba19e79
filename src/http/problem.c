#include "http/problem.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *name, *title;
    int status;
} rows[] = {
#define X(name, status, title) {#name, title, status},
    HTTP_PROBLEMS(X)
#undef X
};

static void set(struct problem *p, enum problem_type type, const char *pointer, const char *format,
                va_list arguments)
{
    *p = (struct problem){.type = type};
    snprintf(p->pointer, sizeof p->pointer, "%s", pointer);
    vsnprintf(p->detail, sizeof p->detail, format, arguments);
}

int problem_set(struct problem *p, enum problem_type type, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(p, type, "", format, arguments);
    va_end(arguments);
    return -1;
}

int problem_at(struct problem *p, enum problem_type type, const char *pointer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(p, type, pointer, format, arguments);
    va_end(arguments);
    return -1;
}

int problem_status(enum problem_type type)
{
    return rows[type].status;
}

const char *problem_title(enum problem_type type)
{
    return rows[type].title;
}

const char *problem_uri(enum problem_type type, char text[static 64])
{
    snprintf(text, 64, "/problems/%s", rows[type].name);
    for (char *at = text; *at; at++)
        if (*at == '_')
            *at = '-';
    return text;
}

/* A detail may quote what a client sent, cut anywhere: it is made UTF-8 again. */
static json_t *text_json(const char *text)
{
    size_t n;
    cleanup_free char *good = utf8_replace(text, strlen(text), &n);
    return good ? json_stringn(good, n) : NULL;
}

json_t *problem_json(const struct problem *p)
{
    char uri[64];
    json_t *object = json_object();
    bool failed = json_object_set_new(object, "type", json_string(problem_uri(p->type, uri))) < 0 ||
                  json_object_set_new(object, "title", json_string(problem_title(p->type))) < 0 ||
                  json_object_set_new(object, "status", json_integer(problem_status(p->type))) < 0;
    if (p->detail[0])
        failed |= json_object_set_new(object, "detail", text_json(p->detail)) < 0;
    if (p->pointer[0])
        failed |= json_object_set_new(object, "pointer", text_json(p->pointer)) < 0;
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}
