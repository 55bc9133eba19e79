#include "cli/sse.h"

#include <errno.h>
#include <stdio.h>

static int append(char **to, size_t *size, size_t *room, const char *bytes, size_t n)
{
    if (*size + n + 1 > SSE_DATA_MOST)
        return -EMSGSIZE;
    if (*size + n + 1 > *room) {
        size_t wanted = 2 * (*size + n + 1);
        char *more = realloc(*to, wanted);
        if (!more)
            return -ENOMEM;
        *to = more;
        *room = wanted;
    }
    memcpy(*to + *size, bytes, n);
    *size += n;
    (*to)[*size] = 0;
    return 0;
}

static void dispatch(struct sse *s)
{
    if (s->data_size > 0) {
        s->data_size--; /* the line end behind the last line of data */
        s->data[s->data_size] = 0;
        s->event(s->context, *s->name ? s->name : "message", s->data, s->data_size);
    }
    s->data_size = 0;
    s->name[0] = 0;
}

static int take_line(struct sse *s, char *line, size_t size)
{
    if (size > 0 && line[size - 1] == '\r')
        size--;
    if (size == 0) {
        dispatch(s);
        return 0;
    }
    size_t field = 0;
    while (field < size && line[field] != ':')
        field++;
    size_t at = field < size ? field + 1 : size;
    if (at < size && line[at] == ' ')
        at++;
    int n = (int)(size - at);
    if (field == 4 && !memcmp(line, "data", 4)) {
        int r = append(&s->data, &s->data_size, &s->data_room, line + at, size - at);
        return r < 0 ? r : append(&s->data, &s->data_size, &s->data_room, "\n", 1);
    }
    if (field == 5 && !memcmp(line, "event", 5))
        snprintf(s->name, sizeof s->name, "%.*s", n, line + at);
    if (field == 2 && !memcmp(line, "id", 2))
        snprintf(s->id, sizeof s->id, "%.*s", n, line + at);
    return 0;
}

int sse_feed(struct sse *s, const char *bytes, size_t size)
{
    while (size > 0) {
        const char *end = memchr(bytes, '\n', size);
        size_t n = end ? (size_t)(end - bytes) : size;
        int r = append(&s->line, &s->line_size, &s->line_room, bytes, n);
        if (r < 0)
            return r;
        if (!end)
            return 0;
        r = take_line(s, s->line, s->line_size);
        s->line_size = 0;
        if (r < 0)
            return r;
        bytes += n + 1;
        size -= n + 1;
    }
    return 0;
}

void sse_reset(struct sse *s)
{
    s->line_size = s->data_size = 0;
    s->name[0] = 0;
}

void sse_free(struct sse *s)
{
    free(s->line);
    free(s->data);
}
