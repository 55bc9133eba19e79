/* Touching what a run will touch. Most of a small run's time goes into its first access to each page: the
 * kernel stops it, copies the page or looks it up, and lets it go on, some 400 times. A clone that is made
 * ahead of need has the time to do so before, and in one go for many pages. Which pages they are the executor
 * has seen in a clone that ran a program of the image (src/sandbox/learn.c). It is a gain and no need: where
 * it fails, the run does it. */
#include "template/engine/engine.h"

#include <sys/syscall.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ  22 /* Linux 5.14 */
#define MADV_POPULATE_WRITE 23
#endif

enum { SMALL = 4096 };
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

void touch_take(void)
{
    struct touch_list *list = &engine.touch;
    size_t count = 0;
    ssize_t k = message_receive(TEMPLATE_SOCKET, list, sizeof *list, NULL, 0, &count);
    if (k < (ssize_t)offsetof(struct touch_list, ranges) || list->count > TOUCH_RANGES_MOST ||
        (size_t)k != offsetof(struct touch_list, ranges) + list->count * sizeof list->ranges[0] ||
        !is_in_bounds(list))
        list->count = 0;
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
