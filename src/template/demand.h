/* How many clones a language should have ready. Plain arithmetic: no clock, no kernel, no state but its own.
 */
#ifndef PHIAL_TEMPLATE_DEMAND_H
#define PHIAL_TEMPLATE_DEMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct demand {           /* of one language; all zero: nobody has asked yet */
    uint64_t half_ns;     /* when the present half of the window began */
    uint32_t now, before; /* asked for in this half, and in the half before */
    uint32_t peak;        /* the most in any window, */
    uint64_t peak_ns;     /* and when that was */
};

/* A clone was asked for. */
void demand_take(struct demand *demand, uint64_t now_ns);
/* How many should be ready, 1 or more, when making one takes `make_us`. */
size_t demand_target(const struct demand *demand, uint64_t now_ns, uint64_t make_us);

struct allotment { /* one language's part of what all may use together */
    size_t wanted;
    uint64_t bytes; /* of one clone; 0 when none has been measured */
    size_t given;
};
/* Gives each language its first clone before any gets a second, and so on, as far as `budget` bytes go. */
void demand_allot(struct allotment *allotments, size_t count, uint64_t budget);

#endif
