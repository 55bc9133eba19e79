/* `phial grade`: through a server's socket, or with an executor of its own. */
#include "api/grade_parse.h"
#include "api/judge.h"
#include "cli/exchange.h"
#include "cli/grade.h"
#include "cli/local.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>

enum { ANSWER_MOST = 64 << 20 };

static int fault(const struct error *err)
{
    fprintf(stderr, "phial: grade: %s; nothing was judged\n", err->text);
    return GRADE_EXIT_ERROR;
}

/* ---- a server ---- */

static int ask(struct exchange *x, const struct grade_job *job, const char *body, struct error *err)
{
    if (exchange_open(x, job->settings.socket, "POST", "/api/v1/grade") < 0)
        return error_set(err, ENOMEM, "request: %m");
    x->body_most = ANSWER_MOST;
    exchange_header(x, "Content-Type: application/json");
    exchange_header(x, "Expect:");
    exchange_send(x, body, strlen(body));
    CURLcode result = curl_easy_perform(x->curl);
    if (result != CURLE_OK)
        return error_set(err, ECONNRESET, "the server at %s: %s", job->settings.socket,
                         curl_easy_strerror(result));
    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &x->status);
    if (x->status == 200)
        return 0;
    exchange_problem(x, err);
    return -err->code;
}

int grade_job_server(struct grade_job *job)
{
    struct exchange x = {0};
    struct error err = {0};
    cleanup_free char *body = json_dumps(job->body, JSON_COMPACT);
    int code;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!body)
        error_set(&err, ENOMEM, "request: %m");
    if (!body || ask(&x, job, body, &err) < 0) {
        bool ours = x.status >= 400 && x.status < 500 && x.status != 429;
        code = fault(&err);
        if (ours)
            code = GRADE_EXIT_USAGE;
    } else {
        json_t *answer = json_loadb((const char *)x.body.data, x.body.size, JSON_ALLOW_NUL, NULL);
        code = grade_job_finish(job, answer);
        json_decref(answer);
    }
    exchange_close(&x);
    return code;
}

/* ---- an executor of its own: the unprivileged side ---- */

struct local {
    const struct grade_job *job;
    struct grade_request request;
    struct event_base *loop;
    struct executor_client *client;
    struct judge *judge;
    bool ended;
    int exit_code;
};

static void leave(struct local *l, int exit_code)
{
    l->exit_code = exit_code;
    l->ended = true;
    event_base_loopbreak(l->loop);
}

static void on_ended(void *context, const json_t *answer, const struct error *err)
{
    struct local *l = context;
    leave(l, answer ? grade_job_finish(l->job, answer) : fault(err));
}

static void on_lost(void *context)
{
    struct local *l = context;
    struct error err = {0};
    if (l->ended)
        return;
    error_set(&err, ECONNRESET, "the executor went away: %m");
    leave(l, fault(&err));
}

static int start(struct local *l, int sock, struct error *err)
{
    static const struct judge_callbacks callbacks = {.ended = on_ended};
    const struct executor_client_options options = {.running_most = 2,
                                                    .queue_most = 2,
                                                    .client_most = 2,
                                                    .client_queue_most = 2,
                                                    .lost = on_lost,
                                                    .context = l,
                                                    .loop = l->loop = event_base_new()};
    char id[40] = "g_";
    random_hex(16, id + 2);
    if (!l->loop || executor_client_new(&l->client, &options) < 0)
        return error_set(err, ENOMEM, "event loop: %m");
    int r = executor_client_connect(l->client, sock, err);
    return r < 0 ? r
                 : judge_start(&l->judge,
                               &(struct judge_options){
                                   .loop = l->loop, .client = l->client, .who = "command line", .id = id},
                               &l->request, &callbacks, l, err);
}

/* The executor ends every run when its client is gone: so a signal may end this process at once. */
static int client_main(void *context, int sock)
{
    struct local *l = context;
    struct error err = {0};
    signal(SIGPIPE, SIG_IGN);
    if (drop_root(l->job->settings.user, &err) < 0 || start(l, sock, &err) < 0)
        return fault(&err);
    while (!l->ended)
        if (event_base_loop(l->loop, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY) < 0)
            break;
    return l->exit_code;
}

int grade_job_local(struct grade_job *job)
{
    struct local l = {.job = job, .exit_code = GRADE_EXIT_ERROR};
    struct error err = {0};
    struct problem problem;
    cleanup_free char *body = json_dumps(job->body, JSON_COMPACT);
    int code = GRADE_EXIT_USAGE;
    if (parse_grade(&l.request, body ? body : "", body ? strlen(body) : 0, &job->languages, NULL, NULL,
                    &problem) < 0)
        fprintf(stderr, "phial: grade: %s%s%s%s\n", problem.detail, *problem.pointer ? " (" : "",
                problem.pointer, *problem.pointer ? ")" : "");
    else if ((code = local_run(&job->settings, l.request.language->name, false, client_main, &l,
                               GRADE_EXIT_ERROR, &err)) < 0)
        code = fault(&err);
    grade_request_free(&l.request);
    return code;
}
