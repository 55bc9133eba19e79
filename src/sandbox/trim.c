/* What ended runs leave behind in memory: names and pages of the images that they touched stay cached,
 * charged to the slot's own group once the run's is gone. The kernel would give them back under pressure; we
 * ask before. */
#include "sandbox/internal.h"

#include <stdio.h>

static uint64_t used_by_live(const struct cgroup_root *root, size_t *live)
{
    uint64_t bytes = 0;
    struct cgroup_usage usage;
    *live = 0;
    for (struct cgroup *g = root->live; g; g = g->after, ++*live) {
        cgroup_usage_of(g, USAGE_MEMORY, &usage);
        bytes += usage.memory_bytes;
    }
    return bytes;
}

static void give_back(const struct cgroup_root *root, int dir, uint64_t bytes, bool all)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)bytes);
    if (root->version == CGROUP_V2)
        (void)text_write_at(dir, "memory.reclaim", text); /* Linux 5.19 */
    else if (all)
        (void)text_write_at(dir, "memory.force_empty", "0");
}

/* v1 can only give back everything, and what live runs have cached with it: so only when there is none, or
 * when it has become much. */
void ground_trim(struct ground *g, uint64_t keep)
{
    enum { MUCH = 8 };
    size_t live;
    uint64_t all = cgroup_root_memory(g->cgroups);
    if (all <= keep)
        return;
    uint64_t used = used_by_live(g->cgroups, &live), left = all > used ? all - used : 0;
    if (left <= keep)
        return;
    for (size_t i = 0; i < g->cgroups->count; i++)
        if (g->cgroups->hierarchies[i].memory)
            give_back(g->cgroups, g->cgroups->hierarchies[i].dir, left - keep,
                      live == 0 || left > MUCH * keep);
}
