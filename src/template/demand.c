/* The policy of the pool.
 *
 * Theory of operation. What counts is how many clones are asked for faster than they can be made again. So
 * the number asked for is counted in a short window, in two halves, the present and the one before, which
 * together always cover half a window at least. The most that any window saw is the peak; it halves with
 * every half-life, so that after a burst the pool shrinks to one in about a minute, and a busy minute is
 * remembered through a quiet second. A runtime that takes longer to copy than a window needs as many more in
 * reserve.
 */
#include "template/demand.h"

enum {
    HALF_WINDOW_MS = 25,
    HALF_LIFE_MS = 12000,
    MOST = 256, /* of one language, whatever was asked for */
};
#define MS UINT64_C(1000000) /* in nanoseconds */

/* peak x 2^(-age/half-life), with a straight line from each half-life to the next, rounded up. */
static uint64_t decayed(const struct demand *d, uint64_t now_ns)
{
    uint64_t life = HALF_LIFE_MS * MS, age = now_ns > d->peak_ns ? now_ns - d->peak_ns : 0;
    uint64_t halvings = age / life;
    if (halvings >= 32)
        return 0;
    /* In 1024ths. */
    uint64_t part = 1024 - (age % life) * 512 / life;
    uint64_t peak = ((uint64_t)d->peak * part) >> halvings;
    return (peak + 1023) / 1024;
}

void demand_take(struct demand *d, uint64_t now_ns)
{
    uint64_t halves = (now_ns - d->half_ns) / (HALF_WINDOW_MS * MS);
    if (halves > 0) {
        d->before = halves == 1 ? d->now : 0;
        d->now = 0;
        d->half_ns += halves * HALF_WINDOW_MS * MS;
    }
    d->now++;
    uint64_t taken = (uint64_t)d->now + d->before;
    if (taken >= decayed(d, now_ns)) {
        d->peak = taken < MOST ? (uint32_t)taken : MOST;
        d->peak_ns = now_ns;
    }
}

size_t demand_target(const struct demand *d, uint64_t now_ns, uint64_t make_us)
{
    uint64_t window_us = UINT64_C(2) * HALF_WINDOW_MS * 1000, wanted = decayed(d, now_ns);
    if (wanted <= 1)
        return 1;
    if (make_us > window_us)
        wanted = make_us / window_us < MOST ? (wanted * make_us + window_us - 1) / window_us : MOST;
    return wanted < MOST ? (size_t)wanted : MOST;
}

/* The first one is made to be measured, whatever the others use. */
static uint64_t cost(const struct allotment *a)
{
    return a->bytes > 0 ? a->bytes : 1;
}

static size_t measured_want(const struct allotment *a)
{
    return a->bytes > 0 || a->wanted < 1 ? a->wanted : 1;
}

void demand_allot(struct allotment *allotments, size_t count, uint64_t budget)
{
    bool gave = true;
    for (size_t i = 0; i < count; i++)
        allotments[i].given = 0;
    while (gave) {
        gave = false;
        for (size_t i = 0; i < count; i++) {
            struct allotment *a = &allotments[i];
            if (a->given >= measured_want(a) || cost(a) > budget)
                continue;
            budget -= cost(a);
            a->given++;
            gave = true;
        }
    }
}
