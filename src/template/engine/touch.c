/* Touching what a run will touch. Most of a small run's time goes into its first access to each page: the
 * kernel stops it, copies the page or looks it up, and lets it go on, some 400 times. A clone that is made
 * ahead of need has the time to do so before, and in one go for many pages. Which pages they are the executor
 * has seen in a clone that ran a program of the image (src/sandbox/learn.c). It is a gain and no need: where
 * it fails, the run does it. */
#include "template/engine/engine.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22 /* Linux 5.14 */
#define MADV_POPULATE_WRITE 23
#endif

enum { SMALL = 4096, HUGE_PAGES = 512 };
static const uint64_t pages_most = 1ULL << 35; /* of a process's half of the addresses */

static bool is_in_bounds(const struct touch_list *list)
{
    uint64_t written = 0, read = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct touch_range *r = &list->ranges[i];
        if (r->page == 0 || r->page >= pages_most || r->pages > pages_most - r->page)
            return false;
        *(r->written ? &written : &read) += r->pages;
    }
    return written <= TOUCH_WRITTEN_MOST && read <= TOUCH_READ_MOST;
}

/* The first write to a huge page makes the kernel split the clone's entry for it into 512, which costs as
 * much as copying a dozen small pages, and every clone writes to the same. So those are split once, here: an
 * entry is split when the protection of a part of it changes (mm/mprotect.c, change_pmd_range()). Writing
 * stays allowed all the while: our own stack may lie there. */
static void split_in(const struct touch_range *r, uint64_t first, uint64_t end, int protection)
{
    for (uint64_t page = r->page; page < r->page + r->pages; page = (page / HUGE_PAGES + 1) * HUGE_PAGES) {
        if (page < first || page >= end)
            continue;
        uint64_t at = page * SMALL;
        if (syscall(SYS_mprotect, at, (long)SMALL, (long)(protection ^ PROT_EXEC)) == 0)
            (void)syscall(SYS_mprotect, at, (long)SMALL, (long)protection);
    }
}

static void split_written(const struct touch_list *list)
{
    struct area { /* noted first: changing one changes the list that is being read */
        uint64_t first, end;
        int protection;
    };
    static struct area areas[512];
    size_t n = 0;
    struct lines l;
    char *line;
    if (lines_open(&l, "/proc/self/maps") < 0)
        return;
    while (n < array_length(areas) && (line = lines_next(&l))) {
        const char *at;
        areas[n].first = number_read(line, 16, &at) / SMALL;
        areas[n].end = number_read(at + 1, 16, &at) / SMALL;
        areas[n].protection = PROT_READ | PROT_WRITE | (at[3] == 'x' ? PROT_EXEC : 0);
        n += at[1] == 'r' && at[2] == 'w' && at[4] == 'p' && !text_find(at, "[stack");
    }
    lines_close(&l);
    for (size_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < list->count; j++)
            if (list->ranges[j].written)
                split_in(&list->ranges[j], areas[i].first, areas[i].end, areas[i].protection);
}

void touch_take(void)
{
    struct touch_list *list = &engine.touch;
    size_t count = 0;
    ssize_t k = message_receive(TEMPLATE_SOCKET, list, sizeof *list, NULL, 0, &count);
    if (k < (ssize_t)offsetof(struct touch_list, ranges) || list->count > TOUCH_RANGES_MOST ||
        (size_t)k != offsetof(struct touch_list, ranges) + list->count * sizeof list->ranges[0] ||
        !is_in_bounds(list))
        list->count = 0;
    split_written(list);
}

int touch_pages(struct making *m)
{
    (void)m;
    for (uint32_t i = 0; i < engine.touch.count; i++) {
        const struct touch_range *r = &engine.touch.ranges[i];
        (void)syscall(SYS_madvise, r->page * SMALL, (unsigned long)r->pages * SMALL,
                      (long)(r->written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ));
    }
    return 0;
}
