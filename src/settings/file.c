/* The settings file: YAML, one mapping of names to plain values. libyaml's events are read directly, since
 * they carry the line that an operator wants to see in a message. */
#include "settings/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <yaml.h>

enum { FILE_BYTES_MOST = 1 << 20 };

struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    const char *path;
    struct error *err;
};

static unsigned long line_of(const yaml_event_t *event)
{
    return (unsigned long)event->start_mark.line + 1;
}

/* Reads the next event into r->event; the one before is freed. */
static int next(struct reader *r)
{
    yaml_event_delete(&r->event);
    if (yaml_parser_parse(&r->parser, &r->event))
        return 0;
    return error_set(r->err, EINVAL, "%s:%lu: not valid YAML: %s", r->path,
                     (unsigned long)r->parser.problem_mark.line + 1,
                     r->parser.problem ? r->parser.problem : "unreadable");
}

static int expect_scalar(struct reader *r, const char *what, char **text)
{
    if (r->event.type != YAML_SCALAR_EVENT)
        return error_set(r->err, EINVAL, "%s:%lu: %s: write one plain value, not a list or a mapping",
                         r->path, line_of(&r->event), what);
    const char *value = (const char *)r->event.data.scalar.value;
    if (strlen(value) != r->event.data.scalar.length)
        return error_set(r->err, EINVAL, "%s:%lu: %s: holds a zero byte", r->path, line_of(&r->event), what);
    *text = strdup(value);
    return *text ? 0 : error_set(r->err, ENOMEM, "read %s: %m", r->path);
}

static int read_pair(struct reader *r, struct settings *s)
{
    cleanup_free char *name = NULL, *value = NULL, *assignment = NULL;
    unsigned long line = line_of(&r->event);
    int e = expect_scalar(r, "a setting's name", &name);
    if (e == 0)
        e = next(r);
    if (e == 0)
        e = expect_scalar(r, name, &value);
    if (e < 0)
        return e;
    if (strchr(name, '=') || asprintf(&assignment, "%s=%s", name, value) < 0) {
        assignment = NULL;
        return error_set(r->err, EINVAL, "%s:%lu: '%.100s' is not a setting's name", r->path, line, name);
    }
    e = settings_set(s, assignment, r->err);
    return e < 0 ? error_context(r->err, "%s:%lu", r->path, line) : 0;
}

static int read_mapping(struct reader *r, struct settings *s)
{
    for (;;) {
        int e = next(r);
        if (e < 0)
            return e;
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return 0;
        e = read_pair(r, s);
        if (e < 0)
            return e;
    }
}

/* stream start, document start, mapping, ends; an empty file has no document, or one empty scalar. */
static int read_stream(struct reader *r, struct settings *s)
{
    bool seen = false;
    for (;;) {
        int e = next(r);
        if (e < 0)
            return e;
        switch (r->event.type) {
        case YAML_STREAM_END_EVENT:
            return 0;
        case YAML_MAPPING_START_EVENT:
            if (seen)
                return error_set(r->err, EINVAL, "%s:%lu: a second document: keep all settings in one",
                                 r->path, line_of(&r->event));
            seen = true;
            e = read_mapping(r, s);
            if (e < 0)
                return e;
            break;
        case YAML_SCALAR_EVENT:
            if (r->event.data.scalar.length == 0)
                break;
            /* fall through */
        case YAML_SEQUENCE_START_EVENT:
        case YAML_ALIAS_EVENT:
            return error_set(r->err, EINVAL, "%s:%lu: write lines of the form `name: value`", r->path,
                             line_of(&r->event));
        default:
            break;
        }
    }
}

int settings_read(struct settings *s, const char *path, bool optional, struct error *err)
{
    cleanup_free char *text = NULL;
    size_t size = 0;
    struct error own;
    int e = read_file_at(AT_FDCWD, path, FILE_BYTES_MOST, &text, &size, &own);
    if (e == -ENOENT && optional)
        return 0;
    if (e < 0) {
        if (err)
            *err = own;
        return e;
    }
    struct reader r = {.path = path, .err = err};
    if (!yaml_parser_initialize(&r.parser))
        return error_set(err, ENOMEM, "read %s: %m", path);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
    e = read_stream(&r, s);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return e;
}
