/* `phial run` without a server: an executor of its own (local.h). The child gives up root, then speaks with
 * the executor, reads the program's report and writes the answer. */
#include "cli/local.h"
#include "cli/run.h"
#include "executor/executor.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <sys/stat.h>

enum { INPUT_PIECE = 65536, INPUT_RETRY_US = 5000 };

/* The unprivileged side's state. */
struct local {
    struct run_job *job;
    struct event_base *loop;
    struct executor_client *client;
    struct ticket *ticket;
    struct event *input_ready, *input_retry, *signals[3];
    char piece[INPUT_PIECE]; /* read, but not yet taken by the executor */
    size_t piece_size;
    bool input_ended, ended;
    int exit_code;
};

/* ---- standard input ---- */

static void watch_input(struct local *l);

/* Hands on what was read; what does not fit now is offered again a little later. */
static void push_input(struct local *l)
{
    if (!l->ticket)
        return;
    int r = ticket_stdin(l->ticket, l->piece, l->piece_size, l->input_ended);
    if (r == -EAGAIN) {
        event_add(l->input_retry, &(struct timeval){.tv_usec = INPUT_RETRY_US});
        return;
    }
    l->piece_size = 0;
    if (r == 0 && !l->input_ended)
        watch_input(l);
}

static void on_input_retry(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    push_input(context);
}

static void on_input(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct local *l = context;
    ssize_t n = read(l->job->input, l->piece, sizeof l->piece);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        watch_input(l);
        return;
    }
    /* An error is the end too: EIO is what a terminal says to a program in the background. */
    l->input_ended = n <= 0;
    l->piece_size = n > 0 ? (size_t)n : 0;
    push_input(l);
}

/* epoll takes no regular files; those are always readable. */
static void watch_input(struct local *l)
{
    if (l->input_ready)
        event_add(l->input_ready, NULL);
    else
        event_base_once(l->loop, -1, EV_TIMEOUT, on_input, l, &(struct timeval){0});
}

static int open_input(struct local *l)
{
    struct stat st;
    l->input_retry = evtimer_new(l->loop, on_input_retry, l);
    if (fstat(l->job->input, &st) == 0 && !S_ISREG(st.st_mode))
        l->input_ready = event_new(l->loop, l->job->input, EV_READ, on_input, l);
    return l->input_retry ? 0 : -ENOMEM;
}

/* ---- the run ---- */

static void on_started(void *context)
{
    struct local *l = context;
    if (l->job->input >= 0)
        watch_input(l);
}

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct local *l = context;
    bool was_gone = l->job->output_gone;
    run_job_output(l->job, stream, data, size);
    if (l->job->output_gone && !was_gone && l->ticket)
        ticket_cancel(l->ticket);
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct local *l = context;
    struct run_job *job = l->job;
    l->ticket = NULL;
    l->ended = true;
    event_base_loopbreak(l->loop);
    if (!result) {
        l->exit_code = run_job_fault(job, err);
        return;
    }
    struct run_outcome outcome = {
        .result = result,
        .out = job->kept[RUN_STDOUT].data,
        .out_size = job->kept[RUN_STDOUT].size,
        .err = job->kept[RUN_STDERR].data,
        .err_size = job->kept[RUN_STDERR].size,
        .report = job->kept[RUN_REPORT].data,
        .report_size = job->kept[RUN_REPORT].size,
        .trace = job->request.trace,
    };
    memcpy(outcome.id, "r_", 2);
    random_hex(16, outcome.id + 2);
    json_t *answer = run_answer(&outcome);
    struct error fault = {0};
    if (!answer)
        error_set(&fault, ENOMEM, "the answer: %m");
    l->exit_code = answer ? run_job_finish(job, answer) : run_job_fault(job, &fault);
    json_decref(answer);
}

static void on_lost(void *context)
{
    struct local *l = context;
    if (l->ended)
        return;
    struct error err = {0};
    error_set(&err, ECONNRESET, "the executor went away: %m");
    l->exit_code = run_job_fault(l->job, &err);
    l->ended = true;
    event_base_loopbreak(l->loop);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
    (void)what;
    struct local *l = context;
    if (l->job->interrupted || !l->ticket)
        _exit(128 + (int)number);
    l->job->interrupted = true;
    ticket_cancel(l->ticket);
}

static int open_loop(struct local *l)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    l->loop = event_base_new();
    if (!l->loop)
        return -ENOMEM;
    for (size_t i = 0; i < array_length(numbers); i++) {
        l->signals[i] = evsignal_new(l->loop, numbers[i], on_signal, l);
        if (!l->signals[i] || event_add(l->signals[i], NULL) < 0)
            return -ENOMEM;
    }
    return l->job->input >= 0 ? open_input(l) : 0;
}

static int start(struct local *l, int sock, struct error *err)
{
    static const struct ticket_callbacks callbacks = {
        .started = on_started, .output = on_output, .ended = on_ended};
    int r = open_loop(l);
    struct executor_client_options options = {.loop = l->loop,
                                              .running_most = 1,
                                              .queue_most = 1,
                                              .client_most = 1,
                                              .client_queue_most = 1,
                                              .lost = on_lost,
                                              .context = l};
    if (r == 0)
        r = executor_client_new(&l->client, &options);
    if (r < 0)
        return error_set(err, -r, "event loop: %m");
    r = executor_client_connect(l->client, sock, err);
    if (r < 0)
        return r;
    return executor_client_run(l->client, "command line", &l->job->request, &callbacks, l, &l->ticket, err);
}

static int client_main(void *context, int sock)
{
    struct run_job *job = context;
    static struct local l;
    struct error err = {0};
    l.job = job;
    l.exit_code = RUN_EXIT_FAULT;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTIN, SIG_IGN); /* in the background a terminal gives no input; the run goes on without */
    if (drop_root(job->settings.user, &err) < 0 || start(&l, sock, &err) < 0)
        return run_job_fault(job, &err);
    while (!l.ended)
        if (event_base_loop(l.loop, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY) < 0)
            break;
    return l.exit_code;
}

int run_job_local(struct run_job *job)
{
    struct error err = {0};
    int code =
        local_run(&job->settings, job->request.language, false, client_main, job, RUN_EXIT_FAULT, &err);
    return code < 0 ? run_job_fault(job, &err) : code;
}
