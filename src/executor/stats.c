/* What the figures of templates mean. */
#include "executor/executor.h"

const char *executor_stats_booting(const struct executor_stats *stats)
{
    for (size_t i = 0; i < stats->template_count; i++) {
        const struct warm_facts *facts = &stats->templates[i].facts;
        if (facts->state == WARM_BOOTING && facts->generations <= 1 && facts->faults == 0)
            return stats->templates[i].language;
    }
    return NULL;
}
