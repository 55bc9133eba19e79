/* Runs everything that is to be checked, as many at a time as the executor takes. */
#include "cli/course_check.h"
#include "grade/grade.h"
#include "run/run.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>

enum { WARM_TIMEOUT_S = 60, RUNS_PER_CPU = 2, QUEUE_MOST = 1000000, ALONE_MOST = 100 };

struct runner {
    struct check *check;
    struct event_base *loop;
    struct executor_client *client;
    bool begun, lost;
};

/* ---- progress ---- */

static void show_progress(const struct check *c)
{
    if (isatty(STDERR_FILENO) && !c->command->json)
        fprintf(stderr, "\r\033[K%s: %zu of %zu checked%s", c->course.id, c->done, c->job_count,
                c->failed ? ", some are wrong" : "");
}

static void job_done(struct check_job *job)
{
    struct check *c = job->check;
    job->ticket = NULL;
    job->judge = NULL;
    c->done++;
    c->failed += job->fault != NULL;
    show_progress(c);
}

/* The place of a job when it could not be run at all. */
static void job_not_run(struct check_job *job, const struct error *err)
{
    const struct course_exercise *e = job->block->exercise;
    check_fault(job, e ? e->folder : job->lesson->file, e ? 0 : job->block->line, "it could not be run: %s",
                err->text);
}

/* ---- snippets ---- */

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct check_job *job = context;
    pack_raw(&job->streams[stream], data, size);
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct check_job *job = context;
    const struct packer *s = job->streams;
    struct run_outcome outcome = {.id = "r_check",
                                  .result = result,
                                  .out = s[RUN_STDOUT].data,
                                  .out_size = s[RUN_STDOUT].size,
                                  .err = s[RUN_STDERR].data,
                                  .err_size = s[RUN_STDERR].size,
                                  .report = s[RUN_REPORT].data,
                                  .report_size = s[RUN_REPORT].size};
    json_t *answer = result ? run_answer(&outcome) : NULL;
    if (answer)
        check_judge(job, answer);
    else
        job_not_run(job, result ? &(struct error){ENOMEM, "out of memory"} : err);
    json_decref(answer);
    for (size_t i = 0; i < array_length(job->streams); i++)
        packer_free(&job->streams[i]);
    job_done(job);
}

static int fill_request(struct run_request *request, const struct course_block *b,
                        const struct languages *languages, struct error *err)
{
    *request = (struct run_request){.limits = limits_unset()};
    char pointer[256], *program = NULL;
    int length = asprintf(&program, "%s%s\n", b->before, b->code);
    request->language = strdup(b->language);
    request->files = calloc(1, sizeof *request->files);
    request->args = calloc(1, sizeof *request->args);
    request->env = calloc(1, sizeof *request->env);
    request->stdin_data = (uint8_t *)strdup(b->input ? b->input : "");
    if (length < 0 || !request->language || !request->files || !request->args || !request->env ||
        !request->stdin_data) {
        if (length >= 0)
            free(program);
        return error_set(err, ENOMEM, "request: %m");
    }
    request->stdin_size = b->input ? strlen(b->input) : 0;
    request->files[0].data = (uint8_t *)program;
    request->files[0].size = (size_t)length;
    request->file_count = 1;
    request->files[0].name = strdup(languages_find(languages, b->language)->file);
    if (!request->files[0].name)
        return error_set(err, ENOMEM, "request: %m");
    return run_request_check(request, pointer, err);
}

static int start_snippet(struct runner *r, struct check_job *job, struct error *err)
{
    static const struct ticket_callbacks callbacks = {.output = on_output, .ended = on_ended};
    struct run_request request;
    int e = fill_request(&request, job->block, &r->check->command->languages, err);
    if (e == 0)
        e = executor_client_run(r->client, "course check", &request, &callbacks, job, &job->ticket, err);
    run_request_free(&request);
    return e;
}

/* ---- exercises ---- */

static void on_judged(void *context, const json_t *answer, const struct error *err)
{
    struct check_job *job = context;
    if (answer)
        check_judge(job, answer);
    else
        job_not_run(job, err);
    job_done(job);
}

static int start_exercise(struct runner *r, struct check_job *job, struct error *err)
{
    static const struct judge_callbacks callbacks = {.ended = on_judged};
    const struct judge_options options = {
        .loop = r->loop, .client = r->client, .who = "course check", .id = "g_check"};
    const struct course_exercise *exercise = job->block->exercise;
    const char *code = job->kind == CHECK_STUB ? exercise->stub : exercise->solution;
    struct grade_request request;
    char pointer[256];
    bool unable;
    int e = course_grade_request(&request, exercise, &r->check->command->languages, code, strlen(code));
    if (e < 0) {
        grade_request_free(&request);
        return error_set(err, -e, "request: %m");
    }
    /* The author may read what hidden tests say. */
    for (size_t i = 0; i < request.parts[GRADE_TESTS].count; i++)
        request.parts[GRADE_TESTS].items[i].hidden = false;
    for (size_t i = 0; i < request.case_count; i++)
        request.cases[i].hidden = false;
    e = grade_request_check(&request, pointer, &unable, err);
    if (e < 0) {
        grade_request_free(&request);
        return e;
    }
    return judge_start(&job->judge, &options, &request, &callbacks, job, err);
}

/* ---- all of them ---- */

static void start(struct runner *r, struct check_job *job)
{
    struct error err = {0};
    int e = job->kind == CHECK_SNIPPET ? start_snippet(r, job, &err) : start_exercise(r, job, &err);
    if (e == 0)
        return;
    job_not_run(job, &err);
    job_done(job);
}

static void begin(struct runner *r)
{
    r->begun = true;
    for (size_t i = 0; i < r->check->job_count; i++)
        if (r->check->jobs[i].fault)
            job_done(&r->check->jobs[i]);
        else
            start(r, &r->check->jobs[i]);
}

/* Hundreds of runs are to come, so it is worth to wait for the templates. */
static void on_told(void *context)
{
    struct runner *r = context;
    const struct executor_stats stats = executor_client_stats(r->client);
    if (!r->begun && stats.told && !executor_stats_booting(&stats))
        begin(r);
}

static void on_warm_timeout(evutil_socket_t fd, short what, void *context)
{
    struct runner *r = context;
    (void)fd;
    (void)what;
    if (!r->begun)
        begin(r);
}

static void on_lost(void *context)
{
    struct runner *r = context;
    r->lost = true;
}

/* What goes wrong by the clock on a busy machine may be right alone. */
static struct check_job *next_to_run_alone(const struct check *c)
{
    size_t bad = 0;
    struct check_job *next = NULL;
    for (size_t i = c->job_count; i > 0; i--) {
        struct check_job *job = &c->jobs[i - 1];
        bad += job->fault != NULL;
        if (!job->alone && (job->fault || job->slow))
            next = job;
    }
    return bad <= ALONE_MOST ? next : NULL;
}

static bool start_alone(struct runner *r)
{
    struct check_job *job = next_to_run_alone(r->check);
    if (!job)
        return false;
    r->check->done--;
    r->check->failed -= job->fault != NULL;
    job->first_fault = steal_pointer(&job->fault);
    job->alone = true;
    start(r, job);
    return true;
}

static int open_runner(struct runner *r, int sock, struct error *err)
{
    cleanup_fd int taken = sock;
    const struct settings *s = &r->check->command->settings;
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t most =
        s->running_most ? (uint32_t)s->running_most : (uint32_t)(cpus > 0 ? cpus : 1) * RUNS_PER_CPU;
    const struct executor_client_options options = {.loop = r->loop,
                                                    .running_most = most,
                                                    .queue_most = QUEUE_MOST,
                                                    .client_most = most,
                                                    .client_queue_most = QUEUE_MOST,
                                                    .lost = on_lost,
                                                    .told = on_told,
                                                    .context = r};
    if (!r->loop || executor_client_new(&r->client, &options) < 0 ||
        event_base_once(r->loop, -1, EV_TIMEOUT, on_warm_timeout, r,
                        &(struct timeval){.tv_sec = WARM_TIMEOUT_S}) < 0)
        return error_set(err, ENOMEM, "event loop: %m");
    return executor_client_connect(r->client, steal_fd(&taken), err);
}

int check_client(void *check, int sock)
{
    struct check *c = check;
    struct runner r = {.check = c, .loop = event_base_new()};
    struct error err = {0};
    signal(SIGPIPE, SIG_IGN);
    if (drop_root(c->command->settings.user, &err) < 0 || open_runner(&r, sock, &err) < 0)
        return command_error(&err);
    show_progress(c);
    while ((c->done < c->job_count || start_alone(&r)) && !r.lost)
        if (event_base_loop(r.loop, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY) < 0)
            break;
    if (isatty(STDERR_FILENO) && !c->command->json)
        fputs("\r\033[K", stderr);
    if (c->done < c->job_count) {
        error_set(&err, ECONNRESET, "the executor went away: %m");
        return command_error(&err);
    }
    return check_report(c);
}
