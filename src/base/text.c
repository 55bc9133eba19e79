#include "base/base.h"

#include <ctype.h>
#include <errno.h>

/* Length of the valid sequence at `s`, or 0 with *bad set to how many bytes one U+FFFD stands for: the
 * longest prefix that could have begun a valid sequence (Unicode 15, table 3-7 and "substitution of maximal
 * subparts"). */
static size_t utf8_step(const uint8_t *s, size_t n, size_t *bad)
{
    uint8_t a = s[0], low = 0x80, high = 0xBF;
    size_t length;
    *bad = 1;
    if (a < 0x80)
        return 1;
    if (a >= 0xC2 && a <= 0xDF)
        length = 2;
    else if (a >= 0xE0 && a <= 0xEF)
        length = 3;
    else if (a >= 0xF0 && a <= 0xF4)
        length = 4;
    else
        return 0;
    if (a == 0xE0)
        low = 0xA0;
    else if (a == 0xED)
        high = 0x9F;
    else if (a == 0xF0)
        low = 0x90;
    else if (a == 0xF4)
        high = 0x8F;
    for (size_t i = 1; i < length; i++) {
        if (i >= n || s[i] < low || s[i] > high) {
            *bad = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

bool utf8_valid(const void *data, size_t n)
{
    const uint8_t *s = data;
    size_t bad;
    for (size_t i = 0; i < n;) {
        size_t k = utf8_step(s + i, n - i, &bad);
        if (k == 0)
            return false;
        i += k;
    }
    return true;
}

char *utf8_replace(const void *data, size_t n, size_t *out_n)
{
    const uint8_t *s = data;
    if (n > (SIZE_MAX - 1) / 3)
        return NULL;
    size_t room = n, bad;
    for (size_t i = 0; i < n;) {
        size_t k = utf8_step(s + i, n - i, &bad);
        room += k ? 0 : 3;
        i += k ? k : bad;
    }
    char *text = malloc(room + 1);
    if (!text)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < n;) {
        size_t k = utf8_step(s + i, n - i, &bad);
        if (k) {
            memcpy(text + at, s + i, k);
            at += k;
            i += k;
        } else {
            memcpy(text + at, "\xEF\xBF\xBD", 3);
            at += 3;
            i += bad;
        }
    }
    text[at] = 0;
    *out_n = at;
    return text;
}

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *data, size_t n)
{
    const uint8_t *s = data;
    char *text = malloc((n + 2) / 3 * 4 + 1);
    if (!text)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v =
            (uint32_t)s[i] << 16 | (left > 1 ? (uint32_t)s[i + 1] << 8 : 0) | (left > 2 ? s[i + 2] : 0);
        text[at++] = base64_letters[v >> 18];
        text[at++] = base64_letters[v >> 12 & 63];
        text[at++] = left > 1 ? base64_letters[v >> 6 & 63] : '=';
        text[at++] = left > 2 ? base64_letters[v & 63] : '=';
    }
    text[at] = 0;
    return text;
}

int base64_decode(const char *text, size_t n, uint8_t **data, size_t *size)
{
    if (n % 4)
        return -EINVAL;
    size_t padding = n && text[n - 1] == '=' ? (text[n - 2] == '=' ? 2 : 1) : 0;
    uint8_t *bytes = malloc(n / 4 * 3 + 1);
    if (!bytes)
        return -ENOMEM;
    size_t at = 0;
    for (size_t i = 0; i < n; i += 4) {
        uint32_t v = 0;
        for (size_t j = 0; j < 4; j++) {
            const char *found = memchr(base64_letters, text[i + j], 64);
            if (!found && !(i + j >= n - padding && text[i + j] == '=')) {
                free(bytes);
                return -EINVAL;
            }
            v = v << 6 | (uint32_t)(found ? found - base64_letters : 0);
        }
        bytes[at++] = (uint8_t)(v >> 16);
        bytes[at++] = (uint8_t)(v >> 8);
        bytes[at++] = (uint8_t)v;
    }
    *data = bytes;
    *size = at - padding;
    return 0;
}

struct unit {
    const char *name;
    uint64_t factor;
};

static int parse_unit(const char *text, const struct unit *units, size_t count, uint64_t *value)
{
    if (!isdigit((unsigned char)*text))
        return -EINVAL;
    char *end;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 10);
    if (errno)
        return -errno;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(end, units[i].name))
            return __builtin_mul_overflow(v, units[i].factor, value) ? -ERANGE : 0;
    return -EINVAL;
}

int parse_u64(const char *text, uint64_t *value)
{
    static const struct unit none[] = {{"", 1}};
    return parse_unit(text, none, array_length(none), value);
}

int parse_size(const char *text, uint64_t *bytes)
{
    static const struct unit units[] = {
        {"", 1},         {"k", 1u << 10},   {"K", 1u << 10}, {"KiB", 1u << 10},
        {"M", 1u << 20}, {"MiB", 1u << 20}, {"G", 1u << 30}, {"GiB", 1u << 30},
    };
    return parse_unit(text, units, array_length(units), bytes);
}

int parse_duration_ms(const char *text, uint64_t *ms)
{
    static const struct unit units[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60000}};
    return parse_unit(text, units, array_length(units), ms);
}

size_t strings_count(char *const *list)
{
    size_t n = 0;
    while (list && list[n])
        n++;
    return n;
}

int strings_add(char ***list, char *text)
{
    size_t n = strings_count(*list);
    char **longer = text ? realloc(*list, (n + 2) * sizeof *longer) : NULL;
    if (!longer) {
        free(text);
        return -ENOMEM;
    }
    longer[n] = text;
    longer[n + 1] = NULL;
    *list = longer;
    return 0;
}

bool strings_have(char *const *list, const char *text)
{
    for (size_t i = 0; list && list[i]; i++)
        if (!strcmp(list[i], text))
            return true;
    return false;
}

void strings_free(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free(list[i]);
    free(list);
}
