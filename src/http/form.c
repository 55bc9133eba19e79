#include "http/http.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *decode(const char *text, size_t n, size_t *size)
{
    cleanup_free char *copy = malloc(n + 1);
    size_t to = 0;
    for (size_t i = 0; copy && i < n; i++) {
        char c = text[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < n ? hex_digit(text[i + 1]) : -1;
            int low = i + 2 < n ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        }
        copy[to++] = c;
    }
    if (!copy)
        return NULL;
    copy[to] = 0;
    *size = to;
    return steal_pointer(&copy);
}

char *form_value(const char *body, size_t n, const char *name, size_t *size)
{
    size_t length = strlen(name);
    for (const char *at = body, *end = body + n; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        size_t field = (size_t)((stop ? stop : end) - at);
        if (field > length && !memcmp(at, name, length) && at[length] == '=')
            return decode(at + length + 1, field - length - 1, size);
        at += field + 1;
    }
    return NULL;
}
