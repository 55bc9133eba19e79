/* Languages, health, figures, and what a problem's type means. */
#include "api/internal.h"

#include <stdio.h>

void api_languages(struct http_request *request, void *context)
{
    const struct api *api = context;
    http_reply_json(request, 200, languages_json(api->languages, &api->settings->ceiling));
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
    if (!api->draining && executor_client_connected(api->executor)) {
        http_reply_json(request, 200, json_pack("{s:s}", "status", "ready"));
        return;
    }
    if (api->draining)
        problem_set(&problem, PROBLEM_draining, "it takes no new runs");
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
