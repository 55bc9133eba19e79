/* What is kept of a learner, as a file for the learner. */
#include "site/learners_parts.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

json_t *time_json(uint64_t ms)
{
    char text[32];
    struct tm tm;
    time_t seconds = (time_t)(ms / 1000);
    if (ms == 0 || !gmtime_r(&seconds, &tm))
        return json_null();
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return json_string(text);
}

json_t *text_json(const char *text, size_t size)
{
    if (utf8_valid(text, size))
        return json_stringn(text, size);
    size_t n;
    cleanup_free char *good = utf8_replace(text, size, &n);
    return good ? json_stringn(good, n) : NULL;
}

static void on_work(void *context, const char *exercise, const struct store_work *work)
{
    json_t *exercises = context;
    json_array_append_new(exercises, json_pack("{s:s,s:i,s:i,s:o,s:o,s:[]}", "exercise", exercise, "tries",
                                               (int)work->tries, "hints", (int)work->hints, "begun",
                                               time_json(work->begun_ms), "passed",
                                               time_json(work->passed_ms), "kept_tries"));
}

static void on_try(void *context, const struct store_try *try)
{
    json_t *exercises = context;
    json_t *last = json_array_get(exercises, json_array_size(exercises) - 1), *failing = json_array();
    for (size_t i = 0; try->failing && try->failing[i]; i++)
        json_array_append_new(failing, text_json(try->failing[i], strlen(try->failing[i])));
    json_array_append_new(json_object_get(last, "kept_tries"),
                          json_pack("{s:o,s:s,s:o,s:o}", "at", time_json(try->at_ms), "verdict",
                                    store_verdict_name(try->verdict), "failing", failing, "code",
                                    text_json(try->code, try->size)));
}

void data_export(struct http_request *request, void *context)
{
    struct site *site = context;
    struct session session;
    struct problem problem;
    unsigned wait;
    session_open(site->learners, request, &session);
    if (!session_may_try(site->learners, request, &wait)) {
        problem_set(&problem, PROBLEM_too_many_requests, "wait a minute");
        problem.retry_after = wait;
        http_reply_problem(request, &problem);
        return;
    }
    json_t *exercises = json_array();
    int r = store_history(site->store, session.learner.id, on_work, on_try, exercises);
    if (r < 0) {
        json_decref(exercises);
        problem_set(&problem, PROBLEM_store_away, "%s", strerror(-r));
        http_reply_problem(request, &problem);
        return;
    }
    http_add_header(request, "Content-Disposition", "attachment; filename=\"phial-my-work.json\"");
    http_reply_json(request, 200,
                    json_pack("{s:s?,s:o}", "name", *session.learner.name ? session.learner.name : NULL,
                              "exercises", exercises));
}
