#include "frontend/page.h"

#include <stdio.h>

static const char *value_of(const struct template_value *values, size_t count, const char *name, size_t n)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(values[i].name) == n && !memcmp(values[i].name, name, n))
            return values[i].text;
    return "";
}

char *template_fill(const char *template, size_t n, const struct template_value *values, size_t count,
                    size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        return NULL;
    for (const char *at = template, *end = template + n; at < end;) {
        const char *open = memmem(at, (size_t)(end - at), "{{", 2);
        const char *close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
        if (!close) {
            fwrite(at, 1, (size_t)(end - at), out);
            break;
        }
        fwrite(at, 1, (size_t)(open - at), out);
        fputs(value_of(values, count, open + 2, (size_t)(close - open) - 2), out);
        at = close + 2;
    }
    bool failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
