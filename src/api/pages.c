/* Languages, health, figures, and what a problem's type means. */
#include "api/internal.h"

#include <stdio.h>

static const struct warm_facts *facts_of(const struct executor_stats *s, const char *language)
{
    for (size_t i = 0; i < s->template_count; i++)
        if (!strcmp(s->templates[i].language, language))
            return &s->templates[i].facts;
    return NULL;
}

void api_languages(struct http_request *request, void *context)
{
    const struct api *api = context;
    const struct executor_stats stats = executor_client_stats(api->executor);
    json_t *list = languages_json(api->languages, &api->settings->ceiling);
    for (size_t i = 0; i < api->languages->count; i++) {
        const struct warm_facts *facts = facts_of(&stats, api->languages->items[i].name);
        json_object_set_new(json_array_get(list, i), "warm",
                            json_boolean(facts && facts->state == WARM_READY));
    }
    http_reply_json(request, 200, list);
}

void api_health(struct http_request *request, void *context)
{
    (void)context;
    http_reply_json(request, 200, json_pack("{s:s}", "status", "ok"));
}

void api_ready(struct http_request *request, void *context)
{
    const struct api *api = context;
    struct problem problem;
    const struct executor_stats stats = executor_client_stats(api->executor);
    bool connected = executor_client_connected(api->executor);
    const char *booting = executor_stats_booting(&stats);
    struct error trouble;
    bool remembers = !api->store || store_ready(api->store, &trouble);
    if (!api->draining && connected && stats.told && !booting && remembers) {
        http_reply_json(request, 200, json_pack("{s:s}", "status", "ready"));
        return;
    }
    if (api->draining)
        problem_set(&problem, PROBLEM_draining, "it takes no new runs");
    else if (!remembers)
        problem_set(&problem, PROBLEM_store_away, "%s", trouble.text);
    else if (connected && booting)
        problem_set(&problem, PROBLEM_sandbox_away,
                    "the template of %s is booting; runs are taken and boot their runtimes meanwhile",
                    booting);
    else
        problem_set(&problem, PROBLEM_sandbox_away, "there is no executor at the moment");
    problem.retry_after = 1;
    http_reply_problem(request, &problem);
}

void api_metrics(struct http_request *request, void *context)
{
    size_t size;
    cleanup_free char *text = metrics_text(context, &size);
    if (text)
        http_reply_text(request, 200, "text/plain; version=0.0.4; charset=utf-8", text, size);
    else
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
}

/* The type of a problem is an address: there stands what it means. */
void api_problem_page(struct http_request *request, void *context)
{
    (void)context;
    char uri[64], text[256];
    for (unsigned i = 0; i < PROBLEM_COUNT; i++) {
        if (strcmp(problem_uri(i, uri) + strlen("/problems/"), http_parameter(request, 0)) != 0)
            continue;
        int n = snprintf(text, sizeof text, "%s: %s (HTTP status %d). docs/api.md says more.\n", uri,
                         problem_title(i), problem_status(i));
        http_reply_text(request, 200, "text/plain; charset=utf-8", text, (size_t)n);
        return;
    }
    struct problem problem;
    problem_set(&problem, PROBLEM_not_found, "there is no problem of that type");
    http_reply_problem(request, &problem);
}
