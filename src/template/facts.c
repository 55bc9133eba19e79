/* What is told of templates and their clones: numbers for metrics, doctor and tests. */
#include "template/internal.h"

#include <stdio.h>

void facts_sample(struct warm *warm, enum part part, uint64_t us)
{
    /* All three parts are taken of each clone before it is counted. */
    warm->samples[part][warm->clones % SAMPLES] = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint64_t median(const struct warm *warm, enum part part)
{
    uint32_t sorted[SAMPLES];
    size_t n = warm->clones < SAMPLES ? (size_t)warm->clones : SAMPLES;
    if (n == 0)
        return 0;
    memcpy(sorted, warm->samples[part], n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    return sorted[n / 2];
}

static enum warm_state state_of(const struct warm *warm)
{
    if (!warm->language)
        return WARM_NONE;
    if (warm->refused)
        return WARM_REFUSED;
    return warm->serving ? WARM_READY : WARM_BOOTING;
}

void templates_facts(const struct templates *all, size_t language, struct warm_facts *facts)
{
    const struct warm *warm = &all->items[language];
    *facts = (struct warm_facts){
        .state = state_of(warm),
        .clones = warm->clones,
        .generations = warm->generations,
        .faults = warm->faults,
        .hits = warm->hits,
        .misses = warm->misses,
        .boot_us = warm->boot_us,
        .clone_bytes = warm->clone_bytes,
        .box_us = median(warm, PART_BOX),
        .clone_us = median(warm, PART_CLONE),
        .check_us = median(warm, PART_CHECK),
    };
    snprintf(facts->why, sizeof facts->why, "%s", warm->why);
    for (const struct idle *i = warm->ready; i; i = i->next)
        facts->ready++;
    if (!warm->serving)
        return;
    struct template_facts template;
    template_facts(warm->serving->template, &template);
    facts->age_ms = (clock_now_ns() - warm->serving->frozen_ns) / 1000000;
    facts->page_table_bytes = template.page_table_bytes;
    facts->memory_bytes = template.memory_bytes;
    facts->threads = template.threads;
}
