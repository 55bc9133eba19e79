#include "site/foreign.h"

void foreign_line_ends(char *text, size_t *size)
{
    size_t to = 0;
    for (size_t i = 0; i < *size; i++)
        if (text[i] != '\r' || i + 1 == *size || text[i + 1] != '\n')
            text[to++] = text[i];
    text[to] = 0;
    *size = to;
}

bool foreign_is_own_path(const char *path)
{
    if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
        return false;
    for (; *path; path++)
        if ((unsigned char)*path <= ' ' || *path == 127)
            return false;
    return true;
}

/* The text up to `end`, which must be there; what follows it, or NULL. */
static const char *take_until(char to[static 65], const char *text, char end)
{
    const char *found = strchr(text, end);
    size_t n = found ? (size_t)(found - text) : 65;
    if (n >= 65)
        return NULL;
    memcpy(to, text, n);
    to[n] = 0;
    return found + 1;
}

bool foreign_place(struct foreign_place *place, const char *text)
{
    static const char block[] = "run.";
    const char *lesson = take_until(place->course, text, '/');
    const char *id = lesson ? take_until(place->lesson, lesson, '#') : NULL;
    return id && !strncmp(id, block, sizeof block - 1) &&
           parse_u64(id + sizeof block - 1, &place->block) == 0;
}
