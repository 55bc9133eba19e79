/* The executor's side of the connection.
 *
 * Theory of operation. Each message has a handler; the table in wire.h says in which state it may come and
 * how long it may be. What the table or a handler refuses is not answered: the connection ends, and with it
 * all its runs, since a client of ours makes no mistakes. A run belongs to its connection and outlives it
 * only until its box is dead. What the client does not read waits in a bounded queue, and above a mark the
 * runs' pipes are not read any more: then their programs block, and their clocks go on.
 */
#include "executor/server.h"
#include "base/loop.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <stdio.h>

enum {
    TIDY_US = 250000,
    KEEP_BYTES = 32 << 20, /* left charged to the group of all runs before it is given back */
    STDIN_AGAIN_US = 10000,
    DYING_MOST = 64, /* boxes that may still be going away, beyond the runs that may run */
    TRIM_MS = 2000,  /* between two turns of what costs more the more boxes there are */
    LOOK_SOON_US = 20000,
    LOOK_US = 10000000,
};

struct connection {
    struct server *server;
    int sock;
    struct event event;
    struct outbox out;
    enum wire_state state;
};

struct served_run {
    struct served_run *next;
    struct server *server;
    struct connection *connection; /* NULL once that is gone: nobody wants to hear of the run any more */
    struct run *run;
    uint32_t id;
    bool second; /* of a pair, which is counted as one */
    bool paused;
    /* Standard input that the run had no room for. */
    struct event again;
    struct evbuffer *input;
    bool input_end;
};

static void connection_close(struct connection *c);

/* ---- runs ---- */

static struct served_run *find_run(const struct connection *c, uint32_t id)
{
    struct served_run *r = c->server->runs;
    while (r && (r->connection != c || r->id != id))
        r = r->next;
    return r;
}

/* At the bound all that the machine can do belongs to the runs. */
static void count_running(struct server *s, bool begun)
{
    bool before = s->running >= s->running_most;
    if (begun)
        s->running++;
    else
        s->running--;
    bool pressed = s->running >= s->running_most;
    if (s->env.templates && pressed != before)
        templates_press(s->env.templates, pressed);
    cpu_choose(&s->cpu, s->running);
}

static void remove_run(struct served_run *run)
{
    if (!run->second)
        count_running(run->server, false);
    struct served_run **at = &run->server->runs;
    while (*at != run)
        at = &(*at)->next;
    *at = run->next;
    event_del(&run->again);
    evbuffer_free(run->input);
    free(run);
}

static void pause_runs(struct server *s, bool congested)
{
    s->congested = congested;
    for (struct served_run *r = s->runs; r; r = r->next)
        run_pause_output(r->run, r->paused || congested);
}

static void on_started(void *context)
{
    struct served_run *run = context;
    if (run->connection)
        outbox_send(&run->connection->out, WIRE_STARTED, run->id, NULL, 0, -1);
}

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct served_run *run = context;
    const uint8_t *at = data;
    for (size_t n; run->connection && size > 0; at += n, size -= n) {
        n = size < WIRE_CHUNK ? size : WIRE_CHUNK;
        outbox_send_chunk(&run->connection->out, WIRE_OUTPUT, run->id, (uint8_t)stream, at, n);
    }
    if (run->connection && !run->server->congested && run->connection->out.bytes > OUTBOX_HIGH)
        pause_runs(run->server, true);
}

static void send_end(struct served_run *run, const struct run_result *result, const struct error *err)
{
    struct outbox *out = &run->connection->out;
    struct packer body = {0};
    if (!result) {
        log_error("executor", "a run failed: %s", err->text);
        outbox_send_error(out, WIRE_FAILED, run->id, err->code, err->text);
        return;
    }
    run_result_pack(&body, result);
    if (body.failed)
        outbox_send_error(out, WIRE_FAILED, run->id, ENOMEM, "out of memory");
    else
        outbox_send(out, WIRE_RESULT, run->id, body.data, body.size, -1);
    packer_free(&body);
}

static void on_tidy(evutil_socket_t fd, short what, void *context);
static void on_look(evutil_socket_t fd, short what, void *context);
static void look_later(struct server *s, uint64_t us);
static void on_refill(evutil_socket_t fd, short what, void *context);

static void tidy_later(struct server *s)
{
    struct timeval time = {.tv_usec = TIDY_US};
    if (!s->tidy_waits && evtimer_add(&s->tidy, &time) == 0)
        s->tidy_waits = true;
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct served_run *run = context;
    struct server *s = run->server;
    if (run->connection)
        send_end(run, result, err);
    remove_run(run);
    if (s->env.templates) /* from the loop, so that the answer leaves first */
        event_active(&s->refill, EV_TIMEOUT, 0);
    tidy_later(s);
    if (!s->runs)
        s->idle(s->context);
}

static const struct run_callbacks callbacks = {on_started, on_output, on_ended};

/* ---- after runs ---- */

static uint64_t own_memory(void)
{
    cleanup_free char *text = NULL;
    unsigned long pages = 0;
    if (read_file_at(AT_FDCWD, "/proc/self/statm", 4096, &text, NULL, NULL) < 0 ||
        sscanf(text, "%*u %lu", &pages) != 1)
        return 0;
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* What a runtime said of itself may be in it, and no reader should have to fear it. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

static void tell_templates(const struct server *s, struct wire_stats *stats)
{
    const struct languages *languages = s->env.languages;
    for (size_t i = 0; s->env.templates && i < languages->count; i++) {
        const struct language *language = &languages->items[i];
        if (!language->template.warm_up || stats->template_count == EXECUTOR_TEMPLATES_MOST)
            continue;
        struct executor_template *t = &stats->templates[stats->template_count++];
        snprintf(t->language, sizeof t->language, "%s", language->name);
        templates_facts(s->env.templates, i, &t->facts);
        make_printable(t->facts.why);
        stats->boxes_ready += t->facts.ready;
    }
}

static void send_stats(struct server *s)
{
    struct packer body = {0};
    struct wire_stats stats = {.memory_bytes = own_memory(),
                               .group_memory_bytes = cgroup_root_memory(ground_cgroups(s->env.ground))};
    tell_templates(s, &stats);
    wire_pack_stats(&body, &stats);
    if (!body.failed)
        outbox_send(&s->connection->out, WIRE_STATS, 0, body.data, body.size, -1);
    packer_free(&body);
    look_later(s, LOOK_US);
}

static void look_later(struct server *s, uint64_t us)
{
    s->look_soon = us == LOOK_SOON_US;
    if (s->env.templates && loop_after(&s->look, s->env.loop, us, on_look, s, NULL) < 0)
        log_error("executor", "the templates are not looked at any more");
}

static void on_look(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct server *s = context;
    s->look_soon = false;
    if (s->connection)
        send_stats(s);
}

void server_templates_changed(void *context)
{
    struct server *s = context;
    if (s->connection && !s->look_soon)
        look_later(s, LOOK_SOON_US);
}

static void on_tidy(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct server *s = context;
    uint64_t now = clock_now_ns();
    s->tidy_waits = false;
    if (now - s->trimmed_ns >= TRIM_MS * UINT64_C(1000000)) {
        s->trimmed_ns = now;
        ground_reap_strangers(s->env.ground);
        ground_trim(s->env.ground, KEEP_BYTES);
    } else {
        tidy_later(s);
    }
    if (s->connection)
        send_stats(s);
}

static void on_refill(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct server *s = context;
    templates_refill(s->env.templates);
}

/* ---- handlers: 0, or -errno, which ends the connection ---- */

static void refuse(struct connection *c, uint32_t id, int code, const char *text)
{
    outbox_send_error(&c->out, WIRE_REFUSED, id, code, text);
}

/* 0, or -errno with what the client is told. */
static int admit(struct server *s, const struct connection *c, const struct run_request *request,
                 struct error *err)
{
    if (s->draining || c->state != WIRE_OPEN)
        return error_set(err, ESHUTDOWN, "the executor takes no more runs");
    if (s->running >= s->running_most || s->alive >= s->running_most + DYING_MOST)
        return error_set(err, EAGAIN, "%zu runs are running, %zu boxes are going away", s->running,
                         s->alive - s->running);
    const struct language *language = languages_find(s->env.languages, request->language);
    if (!language)
        return error_set(err, ENOENT, "there is no language %s", request->language);
    if (!s->available[language - s->env.languages->items])
        return error_set(err, ENOENT, "the image of %s is missing: phial image build %s", language->name,
                         language->name);
    return 0;
}

static void on_again(evutil_socket_t fd, short what, void *context);

static int start(struct connection *c, uint32_t id, bool second, const struct run_request *request, int fd,
                 struct error *err)
{
    struct served_run *run = calloc(1, sizeof *run);
    struct evbuffer *input = evbuffer_new();
    if (!run || !input) {
        free(run);
        if (input)
            evbuffer_free(input);
        return error_set(err, ENOMEM, "start a run: %m");
    }
    *run =
        (struct served_run){.server = c->server, .connection = c, .id = id, .second = second, .input = input};
    evtimer_assign(&run->again, c->server->env.loop, on_again, run);
    int r = run_start(&c->server->env, request, fd, &callbacks, run, &run->run, err);
    run->next = c->server->runs;
    c->server->runs = run;
    if (!second)
        count_running(c->server, true);
    if (r < 0)
        remove_run(run);
    else if (c->server->congested)
        run_pause_output(run->run, true);
    return r;
}

static int handle_run(struct connection *c, const struct wire_message *m, int fd)
{
    struct run_request request;
    struct error err;
    if (find_run(c, m->run))
        return -EBADMSG;
    int r = request_read(fd, &request, &err);
    if (r == -ENOMEM) {
        refuse(c, m->run, ENOMEM, err.text);
        return 0;
    }
    if (r < 0) {
        log_warning("executor", "%s", err.text);
        return r;
    }
    if (admit(c->server, c, &request, &err) < 0)
        refuse(c, m->run, err.code, err.text);
    else if (start(c, m->run, false, &request, fd, &err) < 0)
        outbox_send_error(&c->out, WIRE_FAILED, m->run, err.code, err.text);
    run_request_free(&request);
    return 0;
}

/* Both, or neither. */
static void start_pair(struct connection *c, const uint32_t ids[2], const struct run_request requests[2],
                       int fd)
{
    struct error err;
    int r = start(c, ids[0], false, &requests[0], fd, &err);
    struct served_run *first = r == 0 ? c->server->runs : NULL;
    if (r == 0)
        r = start(c, ids[1], true, &requests[1], fd, &err);
    if (r == 0) {
        run_join(first->run, c->server->runs->run);
        return;
    }
    outbox_send_error(&c->out, WIRE_FAILED, ids[1], err.code, err.text);
    if (first)
        run_cancel(first->run);
    else
        outbox_send_error(&c->out, WIRE_FAILED, ids[0], err.code, err.text);
}

static int handle_pair(struct connection *c, const struct wire_message *m, int fd)
{
    struct run_request requests[2] = {0};
    struct wire_pair pair;
    struct error err;
    if (wire_read_pair(m, &pair) < 0 || find_run(c, m->run) || find_run(c, pair.second))
        return -EBADMSG;
    int r = request_read_pair(fd, pair.split, requests, &err);
    if (r == -ENOMEM) {
        refuse(c, m->run, ENOMEM, err.text);
        r = 0;
    } else if (r < 0) {
        log_warning("executor", "%s", err.text);
    } else if (admit(c->server, c, &requests[0], &err) < 0 || admit(c->server, c, &requests[1], &err) < 0) {
        refuse(c, m->run, err.code, err.text);
    } else {
        start_pair(c, (const uint32_t[]){m->run, pair.second}, requests, fd);
    }
    run_request_free(&requests[0]);
    run_request_free(&requests[1]);
    return r;
}

/* Moves waiting input into the run; what it took, or does not want, is acknowledged. */
static void give_input(struct served_run *run)
{
    size_t taken = 0, waiting;
    int r = 0;
    while ((waiting = evbuffer_get_length(run->input)) > 0) {
        size_t n = waiting < WIRE_CHUNK ? waiting : WIRE_CHUNK;
        r = run_stdin(run->run, evbuffer_pullup(run->input, (ev_ssize_t)n), n, false);
        if (r == -EAGAIN)
            break;
        evbuffer_drain(run->input, n); /* on any other error the program reads no more */
        taken += n;
    }
    if (waiting == 0 && run->input_end)
        (void)run_stdin(run->run, NULL, 0, true);
    struct timeval time = {.tv_usec = STDIN_AGAIN_US};
    if (r == -EAGAIN)
        evtimer_add(&run->again, &time);
    struct packer body = {0};
    pack_u32(&body, (uint32_t)taken);
    if (taken > 0 && run->connection && !body.failed)
        outbox_send(&run->connection->out, WIRE_TAKEN, run->id, body.data, body.size, -1);
    packer_free(&body);
}

static void on_again(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    give_input(context);
}

static int handle_stdin(struct connection *c, const struct wire_message *m, int fd)
{
    (void)fd;
    struct wire_chunk chunk;
    struct served_run *run = find_run(c, m->run);
    if (wire_read_chunk(m, 1, &chunk) < 0)
        return -EBADMSG;
    if (!run) /* it ended while the message was under way */
        return 0;
    if (run->input_end || evbuffer_get_length(run->input) + chunk.size > WIRE_STDIN_AHEAD)
        return -EBADMSG;
    run->input_end = chunk.flag;
    if (evbuffer_add(run->input, chunk.data, chunk.size) < 0)
        return -ENOMEM;
    give_input(run);
    return 0;
}

static int handle_cancel(struct connection *c, const struct wire_message *m, int fd)
{
    (void)fd;
    struct served_run *run = find_run(c, m->run);
    if (run)
        run_cancel(run->run);
    return 0;
}

static int handle_pause(struct connection *c, const struct wire_message *m, int fd)
{
    (void)fd;
    struct served_run *run = find_run(c, m->run);
    if (m->body[0] > 1)
        return -EBADMSG;
    if (run) {
        run->paused = m->body[0];
        run_pause_output(run->run, run->paused || c->server->congested);
    }
    return 0;
}

static int handle_drain(struct connection *c, const struct wire_message *m, int fd)
{
    (void)m;
    (void)fd;
    c->state = WIRE_DRAINING;
    return 0;
}

static int (*const handlers[])(struct connection *c, const struct wire_message *m, int fd) = {
    [WIRE_RUN] = handle_run,     [WIRE_STDIN] = handle_stdin, [WIRE_CANCEL] = handle_cancel,
    [WIRE_PAUSE] = handle_pause, [WIRE_DRAIN] = handle_drain, [WIRE_PAIR] = handle_pair,
};

/* ---- the connection ---- */

static void connection_close(struct connection *c)
{
    struct server *s = c->server;
    for (struct served_run *r = s->runs; r; r = r->next) {
        if (r->connection != c)
            continue;
        r->connection = NULL;
        event_del(&r->again);
        run_pause_output(r->run, false);
        run_cancel(r->run);
    }
    s->congested = false;
    s->connection = NULL;
    event_del(&s->look);
    outbox_close(&c->out);
    event_del(&c->event);
    close(c->sock);
    free(c);
}

static void on_message(evutil_socket_t sock, short what, void *context)
{
    (void)what;
    struct connection *c = context;
    uint8_t packet[WIRE_PACKET_MOST];
    struct wire_message m;
    int fds[1] = {-1};
    size_t fd_count = 0;
    ssize_t n = message_receive(sock, packet, sizeof packet, fds, 1, &fd_count);
    cleanup_fd int fd = fds[0];
    if (n == -EAGAIN)
        return;
    int r = n <= 0 ? -ECONNRESET : wire_read(&m, WIRE_TO_EXECUTOR, c->state, packet, (size_t)n, fd_count);
    if (r == 0)
        r = handlers[m.kind](c, &m, fd);
    if (r == 0)
        return;
    if (n != 0 && n != -ECONNRESET)
        log_error("executor", "the client's message is not understood; its runs end");
    connection_close(c);
}

static void on_outbox(void *context)
{
    struct connection *c = context;
    if (c->out.broken) {
        connection_close(c);
        return;
    }
    if (c->server->congested && c->out.bytes < OUTBOX_LOW)
        pause_runs(c->server, false);
}

void server_open(struct server *s)
{
    s->env.alive = &s->alive;
    s->env.faults = &s->faults;
    evtimer_assign(&s->tidy, s->env.loop, on_tidy, s);
    evtimer_assign(&s->refill, s->env.loop, on_refill, s);
    evtimer_assign(&s->look, s->env.loop, on_look, s);
}

void server_warm(struct server *s, struct templates *templates)
{
    s->env.templates = templates;
    event_active(&s->look, EV_TIMEOUT, 0);
}

int server_connect(struct server *s, int sock)
{
    cleanup_fd int taken = sock;
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    if (evutil_make_socket_nonblocking(sock) < 0) {
        free(c);
        return -EINVAL;
    }
    if (s->connection)
        connection_close(s->connection);
    *c = (struct connection){.server = s, .sock = steal_fd(&taken), .state = WIRE_OPEN};
    outbox_open(&c->out, s->env.loop, c->sock, on_outbox, c);
    event_assign(&c->event, s->env.loop, c->sock, EV_READ | EV_PERSIST, on_message, c);
    s->connection = c;
    if (event_add(&c->event, NULL) < 0) {
        connection_close(c);
        return -ENOMEM;
    }
    event_active(&s->look, EV_TIMEOUT, 0); /* the first statistics */
    return 0;
}

void server_drain(struct server *s)
{
    s->draining = true;
    if (!s->runs)
        s->idle(s->context);
}
