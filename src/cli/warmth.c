#include "cli/warmth.h"

#include <errno.h>
#include <event2/event.h>

struct waiting {
    struct warmth *warmth;
    struct event_base *loop;
    struct executor_client *client;
    bool clones, done, lost;
};

/* Of each template that is warm a clone has been made, or has failed. */
static bool all_cloned(const struct executor_stats *stats)
{
    for (size_t i = 0; i < stats->template_count; i++) {
        const struct warm_facts *f = &stats->templates[i].facts;
        if (f->state == WARM_READY && f->clone_bytes == 0 && f->faults == 0)
            return false;
    }
    return true;
}

static void on_told(void *context)
{
    struct waiting *w = context;
    const struct executor_stats stats = executor_client_stats(w->client);
    w->warmth->count = stats.template_count;
    for (size_t i = 0; i < stats.template_count; i++)
        w->warmth->templates[i] = stats.templates[i];
    w->done = stats.told && !executor_stats_booting(&stats) && (!w->clones || all_cloned(&stats));
    if (w->done)
        event_base_loopbreak(w->loop);
}

static void on_lost(void *context)
{
    struct waiting *w = context;
    w->lost = true;
    event_base_loopbreak(w->loop);
}

static int wait_for_all(struct waiting *w, int sock, uint64_t timeout_ms, struct error *err)
{
    cleanup_fd int taken = sock;
    struct executor_client_options options = {.loop = w->loop,
                                              .running_most = 1,
                                              .queue_most = 1,
                                              .client_most = 1,
                                              .client_queue_most = 1,
                                              .lost = on_lost,
                                              .told = on_told,
                                              .context = w};
    struct timeval time = {.tv_sec = (time_t)(timeout_ms / 1000),
                           .tv_usec = (suseconds_t)(timeout_ms % 1000 * 1000)};
    if (!w->loop || executor_client_new(&w->client, &options) < 0)
        return error_set(err, ENOMEM, "event loop: %m");
    int r = executor_client_connect(w->client, steal_fd(&taken), err);
    if (r < 0)
        return r;
    if (event_base_loopexit(w->loop, &time) < 0 || event_base_dispatch(w->loop) < 0)
        return error_set(err, ENOMEM, "event loop: %m");
    if (w->lost)
        return error_set(err, ECONNRESET, "the executor went away while its templates booted");
    w->warmth->late = !w->done;
    return 0;
}

int warmth_wait(struct warmth *warmth, int sock, bool clones, uint64_t timeout_ms, struct error *err)
{
    struct waiting w = {.warmth = warmth, .loop = event_base_new(), .clones = clones};
    *warmth = (struct warmth){0};
    int r = wait_for_all(&w, sock, timeout_ms, err);
    if (w.client)
        executor_client_free(w.client);
    if (w.loop)
        event_base_free(w.loop);
    return r;
}

const struct warm_facts *warmth_of(const struct warmth *warmth, const char *language)
{
    for (size_t i = 0; i < warmth->count; i++)
        if (!strcmp(warmth->templates[i].language, language))
            return &warmth->templates[i].facts;
    return NULL;
}
