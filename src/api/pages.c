/* Languages, health, figures, and what a problem's type means. */
#include "api/internal.h"

#include <stdio.h>

static json_t *words_json(char **words)
{
    json_t *list = json_array();
    for (; *words; words++)
        json_array_append_new(list, json_string(*words));
    return list;
}

static json_t *limits_json(const struct limits *limits)
{
    json_t *object = json_object();
#define X(name, ...) json_object_set_new(object, #name, json_integer((json_int_t)limits->name));
    RUN_LIMITS(X)
#undef X
    return object;
}

void api_languages(struct http_request *request, void *context)
{
    const struct api *api = context;
    json_t *list = json_array();
    for (size_t i = 0; i < api->languages->count; i++) {
        const struct language *l = &api->languages->items[i];
        struct limits limits = limits_clamp(l->limits, &limits_standard, &api->settings->ceiling);
        json_array_append_new(list, json_pack("{s:s,s:s,s:s?,s:o,s:o,s:s,s:b,s:o}", "name", l->name, "title",
                                              l->title, "version", l->version, "aliases",
                                              words_json(l->aliases), "extensions", words_json(l->extensions),
                                              "file", l->file, "warm", 0, "limits", limits_json(&limits)));
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
