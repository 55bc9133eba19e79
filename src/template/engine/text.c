/* Reading what proc says, and writing why there can be no template. */
#include "template/engine/engine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

static char buffer[16384];

int lines_open(struct lines *l, const char *path)
{
    *l = (struct lines){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    return l->fd < 0 ? -errno : 0;
}

void lines_close(struct lines *l)
{
    close_fd(&l->fd);
}

/* Moves what is left to the front and reads behind it, up to a zero of ours. */
static bool fill(struct lines *l)
{
    if (l->at > 0) {
        memmove(buffer, buffer + l->at, l->end - l->at);
        l->end -= l->at;
        l->at = 0;
    }
    ssize_t k = l->end < sizeof buffer - 1 ? read(l->fd, buffer + l->end, sizeof buffer - 1 - l->end) : 0;
    if (k > 0)
        l->end += (size_t)k;
    return k > 0;
}

char *lines_next(struct lines *l)
{
    char *newline;
    while (!(newline = memchr(buffer + l->at, '\n', l->end - l->at)))
        if (!fill(l)) {
            if (l->at == l->end)
                return NULL;
            newline = buffer + l->end++;
            break;
        }
    char *line = buffer + l->at;
    *newline = 0;
    l->at = (size_t)(newline - buffer) + 1;
    if (l->at > l->end)
        l->at = l->end;
    return line;
}

static unsigned digit(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
}

uint64_t number_read(const char *text, unsigned base, const char **end)
{
    uint64_t n = 0;
    while (*text == ' ' || *text == '\t')
        text++;
    for (; digit(*text) < base; text++)
        n = n * base + digit(*text);
    if (end)
        *end = text;
    return n;
}

bool number_after(const char *line, const char *key, unsigned base, uint64_t *value)
{
    size_t n = strlen(key);
    if (strncmp(line, key, n) != 0)
        return false;
    *value = number_read(line + n, base, NULL);
    return true;
}

char *text_add(char *at, const char *text)
{
    while (*text)
        *at++ = *text++;
    *at = 0;
    return at;
}

char *number_add(char *at, uint64_t number)
{
    char digits[24];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + number % 10);
    while (number /= 10);
    while (n > 0)
        *at++ = digits[--n];
    *at = 0;
    return at;
}

const char *text_find(const char *text, const char *part)
{
    for (size_t n = strlen(part); *text; text++)
        if (!strncmp(text, part, n))
            return text;
    return NULL;
}

struct directory_entry { /* getdents64(2) */
    uint64_t inode;
    int64_t next;
    unsigned short size;
    unsigned char type;
    char name[];
};

int for_each_entry(const char *path, int (*found)(const char *name, int dir))
{
    static _Alignas(struct directory_entry) char entries[8192];
    cleanup_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return refuse(path, -1, "cannot be read");
    int r = 0;
    long n;
    while (r == 0 && (n = syscall(SYS_getdents64, dir, entries, sizeof entries)) > 0)
        for (long at = 0; r == 0 && at < n;) {
            const struct directory_entry *e = (const struct directory_entry *)(entries + at);
            at += e->size;
            if (e->name[0] != '.')
                r = found(e->name, dir);
        }
    return r;
}

int refuse(const char *what, long number, const char *detail)
{
    char *at = engine.report.why, *end = at + sizeof engine.report.why - 40;
    for (const char *c = what; *c && at < end; c++)
        *at++ = *c;
    *at = 0;
    if (number >= 0)
        at = number_add(text_add(at, " "), (uint64_t)number);
    at = text_add(at, ": ");
    for (const char *c = detail; *c && at < end + 30; c++)
        *at++ = *c;
    *at = 0;
    return -ENOTSUP;
}
