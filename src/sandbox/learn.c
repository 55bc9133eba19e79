/* What a clone touched: proc's pagemap of its memory (Documentation/admin-guide/mm/pagemap.rst), which its
 * holder keeps when it has ended. A private page that this memory alone has was written by the clone; a page
 * of a file that its tables have was read. The files are opened while it lives, since a process that has
 * ended has no memory to be found; opened, they belong to the memory. */
#include "sandbox/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum {
    PAGE = 4096,
    AT_ONCE = 512,             /* entries of pagemap */
    AREA_PAGES_MOST = 1 << 18, /* a larger area is a reservation, hardly used; and reading it takes time */
    GAP_MOST = 15, /* pages between two that were read: the kernel maps 16 at a time (fault_around_bytes) */
};
static const uint64_t present = UINT64_C(1) << 63, of_file = UINT64_C(1) << 61, alone = UINT64_C(1) << 56;

void template_unwatch(struct template *t)
{
    close_fd(&t->watched_maps);
    close_fd(&t->watched_pages);
}

static int open_of(pid_t pid, const char *name)
{
    char path[48];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int template_watch(struct template *t, const struct program *clone, struct error *err)
{
    template_unwatch(t);
    pid_t pid = pidfd_number(clone->pidfd); /* our child, and not reaped: the number is its */
    t->watched_maps = pid < 0 ? pid : open_of(pid, "maps");
    t->watched_pages = pid < 0 ? pid : open_of(pid, "pagemap");
    int r = t->watched_maps < 0 ? t->watched_maps : t->watched_pages < 0 ? t->watched_pages : 0;
    if (r < 0)
        template_unwatch(t);
    return r < 0 ? error_set(err, -r, "watch a clone's memory: %m") : 0;
}

struct learnt {
    struct touch_list list;
    uint32_t written, read;
};

/* Adds a page, to the last range where it is next to it. False when it is enough. */
static bool add(struct learnt *l, uint64_t page, bool written)
{
    struct touch_range *last = l->list.count ? &l->list.ranges[l->list.count - 1] : NULL;
    uint64_t gap = last ? page - (last->page + last->pages) : 0;
    uint32_t *sum = written ? &l->written : &l->read, most = written ? TOUCH_WRITTEN_MOST : TOUCH_READ_MOST;
    if (last && last->written == written && gap <= (written ? 0 : GAP_MOST)) {
        if (*sum + gap + 1 > most)
            return false;
        last->pages += (uint32_t)gap + 1;
        *sum += (uint32_t)gap + 1;
        return true;
    }
    if (l->list.count == TOUCH_RANGES_MOST || *sum == most)
        return false;
    l->list.ranges[l->list.count++] = (struct touch_range){page, 1, written};
    ++*sum;
    return true;
}

/* Of one private area. */
static int look_at_area(struct learnt *l, int pagemap, uint64_t page, uint64_t end, bool writable)
{
    uint64_t entries[AT_ONCE];
    while (page < end) {
        uint64_t n = end - page < AT_ONCE ? end - page : AT_ONCE;
        ssize_t k = pread(pagemap, entries, n * sizeof entries[0], (off_t)(page * sizeof entries[0]));
        if (k < (ssize_t)sizeof entries[0])
            return k < 0 ? -errno : 0;
        for (size_t i = 0; i < (size_t)k / sizeof entries[0]; i++, page++) {
            if (!(entries[i] & present))
                continue;
            bool file = entries[i] & of_file;
            if ((file || (writable && entries[i] & alone)) && !add(l, page, !file))
                return 1;
        }
    }
    return 0;
}

/* "7f00-7f20 rw-p ...": a private area of memory proper. */
static bool is_private(const char *line, uint64_t *first, uint64_t *end, bool *writable)
{
    char modes[5];
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", first, end, modes) != 3)
        return false;
    *first /= PAGE;
    *end /= PAGE;
    *writable = modes[1] == 'w';
    return modes[0] == 'r' && modes[3] == 'p' && !strstr(line, "[v") && *end - *first <= AREA_PAGES_MOST;
}

static int look(struct learnt *l, int *maps, int pagemap)
{
    FILE *file = fdopen(*maps, "r");
    if (!file)
        return -errno;
    *maps = -1;
    char line[512];
    int r = 0;
    while (r == 0 && fgets(line, sizeof line, file)) {
        uint64_t first, end;
        bool writable;
        if (is_private(line, &first, &end, &writable))
            r = look_at_area(l, pagemap, first, end, writable);
    }
    fclose(file);
    return r < 0 ? r : 0;
}

int template_learn(struct template *t, struct error *err)
{
    struct order order = {.kind = ORDER_TOUCH};
    cleanup_free struct learnt *l = calloc(1, sizeof *l);
    if (!l || t->watched_maps < 0)
        return error_set(err, l ? EINVAL : ENOMEM, "learn what a clone touches: %m");
    int r = look(l, &t->watched_maps, t->watched_pages);
    template_unwatch(t);
    if (r == 0 && l->written == 0)
        r = -ENODATA; /* its holder had ended, too */
    if (r == 0)
        r = message_send(t->socket, &order, sizeof order, NULL, 0);
    if (r == 0)
        r = message_send(t->socket, &l->list,
                         offsetof(struct touch_list, ranges) + l->list.count * sizeof l->list.ranges[0], NULL,
                         0);
    return r < 0 ? error_set(err, -r, "learn what a clone touches: %m") : (int)l->written;
}
