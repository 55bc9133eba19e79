/* A secret of one run, as bytes that stand nowhere in a program's text: who looks for it must not find its own. */
#ifndef MARKER_H
#define MARKER_H
#include "runtime.h"

enum { MARKER_SIZE = 24 };
/* "phial-run-secret-5b3c9d1e" without its last letter, each byte turned over; files and variables of the run that
 * leaves it hold it in plain. */
static const unsigned char turned[MARKER_SIZE] = {0x8f, 0x97, 0x96, 0x9e, 0x93, 0xd2, 0x8d, 0x8a,
                                                  0x91, 0xd2, 0x8c, 0x9a, 0x9c, 0x8d, 0x9a, 0x8b,
                                                  0xd2, 0xca, 0x9d, 0xcc, 0x9c, 0xc6, 0x9b, 0xce};

UNUSED static void marker(char *to)
{
    for (size_t i = 0; i < MARKER_SIZE; i++)
        to[i] = (char)~turned[i];
}

/* Where memory of this process holds the marker, read by the kernel, which does not mind holes. At most `most`. */
UNUSED static size_t scan_memory(uintptr_t *places, size_t most, size_t *bytes)
{
    enum { PART = 65536 };
    static struct mapping maps[MAPPINGS_MOST];
    static char part[PART + MARKER_SIZE];
    size_t count = mappings_read(maps), found = 0, kept = 0;
    char wanted[MARKER_SIZE];
    int ends[2];
    if (pipe(ends) < 0)
        return 0;
    marker(wanted);
    *bytes = 0;
    for (size_t i = 0; i < count; i++, kept = 0)
        for (uintptr_t at = maps[i].start; maps[i].rights[0] == 'r' && at < maps[i].end; at += PART) {
            size_t size = maps[i].end - at < PART ? maps[i].end - at : PART;
            ssize_t n = write(ends[1], (const void *)at, size);
            if (n <= 0 || read(ends[0], part + kept, (size_t)n) != n) {
                kept = 0;
                continue;
            }
            *bytes += (size_t)n;
            size_t all = kept + (size_t)n;
            for (char *p = part; (p = memmem(p, (size_t)(part + all - p), wanted, MARKER_SIZE)); p++) {
                uintptr_t place = at - kept + (size_t)(p - part);
                bool own = (place >= (uintptr_t)part && place < (uintptr_t)part + sizeof part) ||
                           (place >= (uintptr_t)wanted && place < (uintptr_t)wanted + sizeof wanted);
                if (!own && found < most)
                    places[found++] = place;
            }
            kept = all < MARKER_SIZE ? all : MARKER_SIZE - 1; /* it may lie across two parts */
            memmove(part, part + all - kept, kept);
        }
    close(ends[0]);
    close(ends[1]);
    memset(part, 0, sizeof part);
    return found;
}
#endif
