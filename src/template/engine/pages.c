/* Fewer and larger pages. For each clone the kernel copies the page tables of all private memory that is not
 * a file's (mm/memory.c, copy_page_range()), and takes them down again: with pages of 2 MiB that is a
 * five-hundredth. madvise(2), MADV_COLLAPSE (Linux 6.1): what is written later is split again, in the clone
 * alone. It is a gain and no need: where it fails, all works as well. */
#include "template/engine/engine.h"

#include <sys/syscall.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

enum {
    HUGE = 2 << 20,
    SMALL = 4096,
    PRESENT_LEAST = 64, /* of 512: below this the memory would grow more than the tables shrink */
};

static bool is_well_filled(uintptr_t at)
{
    static unsigned char present[HUGE / SMALL];
    size_t n = 0;
    if (syscall(SYS_mincore, at, (long)HUGE, present) < 0)
        return false;
    for (size_t i = 0; i < sizeof present; i++)
        n += present[i] & 1;
    return n >= PRESENT_LEAST;
}

/* "7f00-7f20 rw-p 00000000 00:00 0 [heap]": private, and no file (inode 0). */
static bool is_private_memory(const char *after_range)
{
    const char *at = after_range;
    if (at[1] != 'r' || at[4] != 'p' || text_find(at, "[stack") || text_find(at, "[v"))
        return false;
    number_read(at + 5, 16, &at); /* offset */
    number_read(at, 16, &at);     /* device, to its colon */
    number_read(at + 1, 16, &at);
    return number_read(at, 10, NULL) == 0;
}

void collapse_pages(void)
{
    static uintptr_t ranges[512][2]; /* noted first: collapsing changes the list that is being read */
    size_t n = 0;
    struct lines l;
    char *line;
    if (lines_open(&l, "/proc/self/maps") < 0)
        return;
    while (n < array_length(ranges) && (line = lines_next(&l))) {
        const char *at;
        ranges[n][0] = number_read(line, 16, &at);
        ranges[n][1] = number_read(at + 1, 16, &at);
        n += is_private_memory(at);
    }
    lines_close(&l);
    for (size_t i = 0; i < n; i++)
        for (uintptr_t at = (ranges[i][0] + HUGE - 1) / HUGE * HUGE; at + HUGE <= ranges[i][1]; at += HUGE)
            if (is_well_filled(at))
                (void)syscall(SYS_madvise, at, (long)HUGE, (long)MADV_COLLAPSE);
}
