/* POST /api/v1/grade, and gradings for the site. */
#include "api/internal.h"
#include "api/judge.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>

struct api_grade {
    struct api *api;
    struct http_request *request;
    struct judge *judge;
    char id[40], client[80];
    const struct language *language;
    char *exercise;
    char source_hash[SHA256_HEX];
    uint64_t source_size, wall_us, cpu_us;
    api_grade_done *done;
    void *context;
    LIST_ENTRY(api_grade) link;
};

void api_set_exercises(struct api *api, api_exercise_lookup *lookup, void *context)
{
    api->exercises = lookup;
    api->exercises_context = context;
}

static void grade_free(struct api_grade *grade)
{
    LIST_REMOVE(grade, link);
    free(grade->exercise);
    free(grade);
}

/* ---- records ---- */

static void record(const struct api_grade *grade, unsigned counted, const char *verdict, const char *judged)
{
    grade->api->metrics.grades[grade->language - grade->api->languages->items][counted]++;
    audit_grade(grade->api, &(struct audit_grade){.client = grade->client,
                                                  .id = grade->id,
                                                  .exercise = grade->exercise,
                                                  .language = grade->language,
                                                  .source_hash = grade->source_hash,
                                                  .source_size = grade->source_size,
                                                  .verdict = verdict,
                                                  .judged = judged,
                                                  .wall_us = grade->wall_us,
                                                  .cpu_us = grade->cpu_us});
}

static void hash_source(struct api_grade *grade, const struct grade_files *files)
{
    crypto_hash_sha256_state state;
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < files->count; i++) {
        crypto_hash_sha256_update(&state, files->items[i].data, files->items[i].size);
        grade->source_size += files->items[i].size;
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(grade->source_hash, sizeof grade->source_hash, hash, sizeof hash);
}

/* ---- its life ---- */

static void on_run_ended(void *context, const struct judge_run *run)
{
    struct api_grade *grade = context;
    struct metrics *m = &grade->api->metrics;
    unsigned status = COUNT_NOT_RUN;
    if (run->result) {
        metrics_run(m, run->created_ns, run->started_ns, run->result);
        status = run_counted_status(run->result, run->report, run->report_size);
        grade->wall_us += run->result->wall_us;
        grade->cpu_us += run->result->cpu_us;
    }
    m->runs[grade->language - grade->api->languages->items][status]++;
}

static unsigned counted_verdict(const char *name)
{
    unsigned verdict = GRADE_pass;
    while (verdict < GRADE_error && strcmp(grade_verdict_name(verdict), name) != 0)
        verdict++;
    return verdict;
}

static void on_ended(void *context, const json_t *answer, const struct error *err)
{
    struct api_grade *grade = context;
    struct problem problem;
    http_on_gone(grade->request, NULL, NULL); /* whoever answers later has to ask for it anew */
    if (answer) {
        const char *verdict = json_string_value(json_object_get(answer, "verdict"));
        record(grade, counted_verdict(verdict), verdict,
               json_string_value(json_object_get(answer, "judged")));
        grade->done(grade->context, answer, NULL);
    } else {
        if (err->code == EAGAIN || err->code == ESHUTDOWN)
            run_refused(grade->api, err, &problem);
        else
            run_lost(grade->id, err, &problem);
        record(grade, COUNT_NOT_JUDGED, "not_judged", "");
        grade->done(grade->context, NULL, &problem);
    }
    grade_free(grade);
}

/* The client has left. */
static void on_gone(void *context)
{
    struct api_grade *grade = context;
    judge_abandon(grade->judge);
    record(grade, COUNT_LEFT, "abandoned", "");
    grade->done(grade->context, NULL, NULL);
    grade_free(grade);
}

/* ---- its beginning ---- */

static struct api_grade *grade_new(struct api *api, struct http_request *request,
                                   const struct grade_request *asked)
{
    struct api_grade *grade = calloc(1, sizeof *grade);
    if (!grade)
        return NULL;
    grade->api = api;
    grade->request = request;
    memcpy(grade->id, "g_", 2);
    random_hex(16, grade->id + 2);
    snprintf(grade->client, sizeof grade->client, "%s", http_client(request));
    grade->language = asked->language;
    hash_source(grade, &asked->parts[GRADE_SOLUTION]);
    LIST_INSERT_HEAD(&api->grades, grade, link);
    grade->exercise = asked->exercise ? strdup(asked->exercise) : NULL;
    if (!asked->exercise || grade->exercise)
        return grade;
    grade_free(grade);
    return NULL;
}

int api_grade_start(struct api *api, struct http_request *request, struct grade_request *asked,
                    const char *line, api_grade_done *done, void *context, struct problem *problem)
{
    static const struct judge_callbacks callbacks = {on_run_ended, on_ended};
    struct error err = {0};
    if (grade_problem(asked, problem) < 0) {
        grade_request_free(asked);
        return -1;
    }
    struct api_grade *grade = grade_new(api, request, asked);
    if (!grade) {
        grade_request_free(asked);
        return problem_set(problem, PROBLEM_internal, "out of memory; nothing was started");
    }
    grade->done = done;
    grade->context = context;
    const struct judge_options options = {
        .loop = api->loop, .client = api->executor, .who = line ? line : grade->client, .id = grade->id};
    if (judge_start(&grade->judge, &options, asked, &callbacks, grade, &err) < 0) {
        grade_free(grade);
        return run_refused(api, &err, problem);
    }
    http_on_gone(request, on_gone, grade);
    return 0;
}

void grades_free(struct api *api)
{
    for (struct api_grade *grade; (grade = LIST_FIRST(&api->grades));) {
        judge_abandon(grade->judge);
        grade_free(grade);
    }
}

/* ---- the route ---- */

static void reply(void *context, const json_t *answer, const struct problem *problem)
{
    struct http_request *request = context;
    if (problem) {
        http_reply_problem(request, problem);
        return;
    }
    if (!answer)
        return;
    cleanup_free char *text = json_dumps(answer, RUN_ANSWER_DUMP);
    if (text)
        http_reply_text(request, 200, "application/json", text, strlen(text));
    else
        http_reply_json(request, 200, NULL);
}

void api_post_grade(struct http_request *request, void *context)
{
    struct api *api = context;
    struct grade_request asked;
    struct problem problem;
    size_t size;
    const char *body = http_body(request, &size);
    int r = parse_grade(&asked, body, size, api->languages, api->exercises, api->exercises_context, &problem);
    http_forget_body(request);
    if (r == 0)
        r = api_grade_start(api, request, &asked, NULL, reply, request, &problem);
    else
        grade_request_free(&asked);
    if (r < 0)
        http_reply_problem(request, &problem);
}
