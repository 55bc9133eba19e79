/* `phial run` through a server's Unix socket: the run is asked for with "respond-async", its events are
 * followed, standard input goes up in pieces, Ctrl-C becomes DELETE. One curl multi handle drives all of it.
 */
#include "cli/exchange.h"
#include "cli/run.h"
#include "cli/sse.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>

enum {
    INPUT_PIECE = 65536,
    RECONNECTS_MOST = 5,
    RETRY_MS = 20,
};

struct remote {
    struct run_job *job;
    CURLM *multi;
    struct exchange events, input, cancel;
    struct sse sse;
    char path[128]; /* "/api/v1/runs/ID" */
    char piece[INPUT_PIECE];
    size_t piece_size;
    bool running, input_ended, input_closed, piece_waits;
    int signals;
    unsigned reconnects;
    json_t *answer;
};

/* ---- the request ---- */

json_t *run_file_json(const struct run_file *file)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", json_string(file->name));
    if (utf8_valid(file->data, file->size) && !memchr(file->data, 0, file->size)) {
        json_object_set_new(object, "content", json_stringn((const char *)file->data, file->size));
    } else {
        cleanup_free char *text = base64_encode(file->data, file->size);
        json_object_set_new(object, "content", json_string(text));
        json_object_set_new(object, "encoding", json_string("base64"));
    }
    return object;
}

json_t *run_limits_json(const struct limits *limits)
{
    json_t *object = json_object();
#define X(name, ...)                                                                                         \
    if (limits->name != UINT64_MAX)                                                                          \
        json_object_set_new(object, #name, json_integer((json_int_t)limits->name));
    RUN_LIMITS(X)
#undef X
    return object;
}

static json_t *env_json(char **env)
{
    json_t *object = json_object();
    for (; *env; env++) {
        size_t length = strcspn(*env, "=");
        cleanup_free char *name = strndup(*env, length);
        json_object_set_new(object, name, json_string(*env + length + 1));
    }
    return object;
}

/* The contract's body. Output as bytes in base64, since what is passed on must not be changed; with --json as
 * the API gives it. Standard input is sent afterwards, when it is not plain text. */
static char *request_body(struct run_job *job)
{
    struct run_request *r = &job->request;
    json_t *body = json_object(), *files = json_array(), *args = json_array();
    json_object_set_new(body, "language", json_string(r->language));
    for (size_t i = 0; i < r->file_count; i++)
        json_array_append_new(files, run_file_json(&r->files[i]));
    for (char **arg = r->args; *arg; arg++)
        json_array_append_new(args, json_string(*arg));
    json_object_set_new(body, "files", files);
    json_object_set_new(body, "args", args);
    json_object_set_new(body, "env", env_json(r->env));
    json_object_set_new(body, "limits", run_limits_json(&r->limits));
    if (r->stdin_size > 0 && !r->interactive)
        json_object_set_new(body, "stdin", json_stringn((const char *)r->stdin_data, r->stdin_size));
    if (r->interactive)
        json_object_set_new(body, "interactive", json_true());
    if (r->trace)
        json_object_set_new(body, "trace", json_true());
    if (!job->json)
        json_object_set_new(body, "encoding", json_string("base64"));
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

/* ---- exchanges ---- */

static void exchange_begin(struct remote *m, struct exchange *x)
{
    x->active = true;
    curl_multi_add_handle(m->multi, x->curl);
}

/* ---- errors ---- */

static void transport_text(const struct remote *m, CURLcode code, struct error *err)
{
    error_set(err, ECONNRESET, "the server at %s: %s", m->job->settings.socket, curl_easy_strerror(code));
}

/* ---- events ---- */

static void on_event(void *context, const char *name, const char *data, size_t size)
{
    struct remote *m = context;
    json_t *value = json_loadb(data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    bool out = !strcmp(name, "stdout");
    if (!strcmp(name, "result") && json_is_object(value)) {
        json_decref(m->answer);
        m->answer = json_incref(value);
    } else if (!strcmp(name, "status")) {
        const char *status = json_is_string(value) ? json_string_value(value)
                                                   : json_string_value(json_object_get(value, "status"));
        m->running |= status && !strcmp(status, "running");
    } else if ((out || !strcmp(name, "stderr")) && json_is_string(value) && !m->job->json) {
        cleanup_free uint8_t *bytes = NULL;
        size_t count;
        if (base64_decode(json_string_value(value), json_string_length(value), &bytes, &count) == 0)
            run_job_output(m->job, out ? RUN_STDOUT : RUN_STDERR, bytes, count);
    }
    json_decref(value);
}

static size_t take_events(char *data, size_t size, size_t count, void *context)
{
    struct remote *m = context;
    long status = 0;
    curl_easy_getinfo(m->events.curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return exchange_take(data, size, count, &m->events);
    return sse_feed(&m->sse, data, size * count) < 0 ? 0 : size * count;
}

static int follow_events(struct remote *m)
{
    char path[160], header[128];
    snprintf(path, sizeof path, "%s/events", m->path);
    sse_reset(&m->sse);
    int r = exchange_open(&m->events, m->job->settings.socket, "GET", path);
    if (r < 0)
        return r;
    exchange_header(&m->events, "Accept: text/event-stream");
    if (*m->sse.id) {
        snprintf(header, sizeof header, "Last-Event-ID: %s", m->sse.id);
        exchange_header(&m->events, header);
    }
    curl_easy_setopt(m->events.curl, CURLOPT_WRITEFUNCTION, take_events);
    curl_easy_setopt(m->events.curl, CURLOPT_WRITEDATA, m);
    exchange_begin(m, &m->events);
    return 0;
}

/* ---- standard input ---- */

static int send_input(struct remote *m)
{
    char path[160];
    snprintf(path, sizeof path, "%s/stdin%s", m->path, m->input_ended ? "?eof=1" : "");
    int r = exchange_open(&m->input, m->job->settings.socket, "POST", path);
    if (r < 0)
        return r;
    exchange_header(&m->input, "Content-Type: application/octet-stream");
    exchange_header(&m->input, "Expect:");
    exchange_send(&m->input, m->piece, m->piece_size);
    m->piece_waits = false;
    exchange_begin(m, &m->input);
    return 0;
}

static bool wants_input(const struct remote *m)
{
    return m->job->input >= 0 && m->running && !m->input_closed && !m->input.active && !m->piece_waits;
}

static int read_input(struct remote *m)
{
    ssize_t n = read(m->job->input, m->piece, sizeof m->piece);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    m->input_ended =
        n <= 0; /* an error is the end too: EIO is what a terminal says to a job in the background */
    m->piece_size = n > 0 ? (size_t)n : 0;
    return send_input(m);
}

/* The server answers 429 while its buffer is full; then the piece is sent again. Any other refusal means that
 * the program reads no more. */
static void input_done(struct remote *m)
{
    m->piece_waits = m->input.result == CURLE_OK && (m->input.status == 429 || m->input.status == 503);
    bool refused = m->input.result != CURLE_OK || m->input.status >= 400;
    if (!m->piece_waits && (m->input_ended || refused))
        m->input_closed = true;
}

/* ---- the loop ---- */

static int cancel(struct remote *m)
{
    if (m->cancel.active || m->cancel.done)
        return 0;
    int r = exchange_open(&m->cancel, m->job->settings.socket, "DELETE", m->path);
    if (r == 0)
        exchange_begin(m, &m->cancel);
    return r;
}

static void on_signal(struct remote *m)
{
    struct signalfd_siginfo info;
    if (read(m->signals, &info, sizeof info) != sizeof info)
        return;
    if (m->job->interrupted)
        _exit(128 + (int)info.ssi_signo);
    m->job->interrupted = true;
    cancel(m);
}

static void collect_done(struct remote *m)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(m->multi, &left));) {
        struct exchange *x;
        CURL *curl = message->easy_handle;
        CURLcode result = message->data.result;
        curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&x);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &x->status);
        curl_multi_remove_handle(m->multi, curl);
        x->active = false;
        x->done = true;
        x->result = result;
        if (x == &m->input)
            input_done(m);
    }
}

/* The stream broke off before the result: once more from the last event on, a few times. */
static int events_ended(struct remote *m, struct error *err)
{
    m->events.done = false;
    if (m->events.result == CURLE_OK && m->events.status != 200) {
        exchange_problem(&m->events, err);
        return -err->code;
    }
    if (m->reconnects++ < RECONNECTS_MOST)
        return follow_events(m) < 0 ? error_set(err, ENOMEM, "events: %m") : 0;
    transport_text(m, m->events.result == CURLE_OK ? CURLE_PARTIAL_FILE : m->events.result, err);
    return -err->code;
}

static int turn(struct remote *m, struct error *err)
{
    struct curl_waitfd extra[2] = {{.fd = m->signals, .events = CURL_WAIT_POLLIN}};
    unsigned count = 1;
    int running;
    if (wants_input(m))
        extra[count++] = (struct curl_waitfd){.fd = m->job->input, .events = CURL_WAIT_POLLIN};
    curl_multi_poll(m->multi, extra, count, m->piece_waits ? RETRY_MS : 1000, NULL);
    if (extra[0].revents)
        on_signal(m);
    if (count > 1 && extra[1].revents && read_input(m) < 0)
        return error_set(err, ENOMEM, "standard input: %m");
    if (m->piece_waits && !m->input.active && send_input(m) < 0)
        return error_set(err, ENOMEM, "standard input: %m");
    curl_multi_perform(m->multi, &running);
    collect_done(m);
    if (m->job->output_gone)
        cancel(m);
    return m->events.done && !m->answer ? events_ended(m, err) : 0;
}

/* Asks for the run; m->path gets its place. The exit code of a refusal is in *exit_code. */
static int begin(struct remote *m, int *exit_code, struct error *err)
{
    struct exchange *x = &m->input; /* free until the run is running */
    cleanup_free char *body = request_body(m->job);
    if (!body || exchange_open(x, m->job->settings.socket, "POST", "/api/v1/runs") < 0)
        return error_set(err, ENOMEM, "request: %m");
    exchange_header(x, "Content-Type: application/json");
    exchange_header(x, "Prefer: respond-async");
    exchange_header(x, "Expect:");
    exchange_send(x, body, strlen(body));
    x->result = curl_easy_perform(x->curl);
    if (x->result != CURLE_OK) {
        transport_text(m, x->result, err);
        return -err->code;
    }
    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &x->status);
    if (x->status != 202) {
        exchange_problem(x, err);
        if (x->status >= 400 && x->status < 500 && x->status != 429)
            *exit_code = RUN_EXIT_USAGE;
        return -err->code;
    }
    if (strncmp(x->location, "/api/v1/runs/", 13) || strlen(x->location) >= sizeof m->path)
        return error_set(err, EPROTO, "the server gave no place for the run: %m");
    memcpy(m->path, x->location, strlen(x->location) + 1);
    exchange_close(x);
    return 0;
}

static int follow(struct remote *m, int *exit_code, struct error *err)
{
    int r = begin(m, exit_code, err);
    if (r == 0 && follow_events(m) < 0)
        r = error_set(err, ENOMEM, "events: %m");
    while (r == 0 && !m->answer)
        r = turn(m, err);
    return r;
}

/* What is no text cannot stand in the request's JSON: it is then streamed, as a pipe would be. */
static int unroll_input(struct run_job *job)
{
    struct run_request *r = &job->request;
    if (r->interactive || (utf8_valid(r->stdin_data, r->stdin_size) &&
                           (r->stdin_size == 0 || !memchr(r->stdin_data, 0, r->stdin_size))))
        return 0;
    job->input = memfd_sealed("stdin", r->stdin_data, r->stdin_size);
    if (job->input < 0)
        return job->input;
    lseek(job->input, 0, SEEK_SET);
    r->interactive = true;
    return 0;
}

int run_job_server(struct run_job *job)
{
    static struct remote m;
    struct error err = {0};
    sigset_t watched;
    sigemptyset(&watched);
    for (size_t i = 0; i < 3; i++)
        sigaddset(&watched, (int[]){SIGINT, SIGTERM, SIGHUP}[i]);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    m = (struct remote){.job = job,
                        .multi = curl_multi_init(),
                        .sse = {.event = on_event, .context = &m},
                        .signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK)};
    int exit_code = RUN_EXIT_FAULT;
    if (!m.multi || m.signals < 0 || unroll_input(job) < 0) {
        error_set(&err, ENOMEM, "start: %m");
        run_job_fault(job, &err);
    } else if (follow(&m, &exit_code, &err) < 0) {
        fprintf(stderr, "phial: run: %s\n", err.text);
    } else {
        exit_code = run_job_finish(job, m.answer);
    }
    json_decref(m.answer);
    exchange_close(&m.events);
    exchange_close(&m.input);
    exchange_close(&m.cancel);
    curl_multi_cleanup(m.multi);
    sse_free(&m.sse);
    close_fd(&m.signals);
    return exit_code;
}
