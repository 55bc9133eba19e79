/* What ended runs leave behind in memory: names and pages of the images that they touched stay cached,
 * charged to the slot's own group once the run's is gone. The kernel would give them back under pressure; we
 * ask before. */
#include "sandbox/internal.h"

void ground_trim(struct ground *g, uint64_t keep)
{
    for (size_t i = 0; i < g->cgroups->count; i++) {
        const struct hierarchy *h = &g->cgroups->hierarchies[i];
        if (!h->memory || cgroup_root_memory(g->cgroups) <= keep)
            continue;
        if (g->cgroups->version == CGROUP_V2)
            (void)text_write_at(h->dir, "memory.reclaim", "64M"); /* Linux 5.19 */
        else
            (void)text_write_at(h->dir, "memory.force_empty", "0");
    }
}
