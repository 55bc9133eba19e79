/* The unprivileged child that runs one attack, or several that belong together, and judges the answers. */
#include "cli/attack.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>

enum { PATIENCE_S = 20 };

struct group;

/* One attack under way. */
struct assault {
    struct group *group;
    const struct attack *attack;
    struct attack_verdict *verdict;
    struct ticket *ticket;
    struct packer streams[3];
    json_t *answer;
    bool begun, ended;
};
struct group {
    struct event_base *loop;
    struct executor_client *client;
    struct assault items[ATTACK_PAIR_MOST];
    struct attack_verdict verdicts[ATTACK_PAIR_MOST];
    size_t count, ended;
};

static void begin_next(struct group *g);

static void keep(struct packer *p, const void *data, size_t size)
{
    uint8_t *more = realloc(p->data, p->size + size + 1);
    if (!more)
        abort();
    memcpy(more + p->size, data, size);
    p->data = more;
    p->size += size;
}

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct assault *a = context;
    keep(&a->streams[stream], data, size);
}

static json_t *answer_of(const struct assault *a, const struct run_result *result)
{
    struct run_outcome outcome = {
        .id = "r_attack",
        .result = result,
        .out = a->streams[RUN_STDOUT].data,
        .out_size = a->streams[RUN_STDOUT].size,
        .err = a->streams[RUN_STDERR].data,
        .err_size = a->streams[RUN_STDERR].size,
        .report = a->streams[RUN_REPORT].data,
        .report_size = a->streams[RUN_REPORT].size,
        .trace = a->attack->request.trace,
    };
    return run_answer(&outcome);
}

static void fault(struct assault *a, const char *text)
{
    a->verdict->result = ATTACK_FAILED;
    snprintf(a->verdict->status, sizeof a->verdict->status, "fault");
    snprintf(a->verdict->why, sizeof a->verdict->why, "%.511s", text);
}

static void end(struct assault *a)
{
    a->ended = true;
    a->group->ended++;
    begin_next(a->group);
    if (a->group->ended == a->group->count)
        event_base_loopbreak(a->group->loop);
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct assault *a = context;
    a->ticket = NULL;
    if (result && (a->answer = answer_of(a, result)))
        attack_judge(a->attack, a->answer, a->verdict);
    else if (err && err->code == EINVAL)
        attack_judge(a->attack, NULL, a->verdict);
    else
        fault(a, err && err->code ? err->text : "the answer could not be made");
    end(a);
}

static void begin(struct assault *a)
{
    static const struct ticket_callbacks callbacks = {.output = on_output, .ended = on_ended};
    struct error err = {0};
    char pointer[256];
    a->begun = true;
    if (run_request_check(&a->attack->request, pointer, &err) < 0) {
        attack_judge(a->attack, NULL, a->verdict);
        end(a);
    } else if (executor_client_run(a->group->client, "attack", &a->attack->request, &callbacks, a, &a->ticket,
                                   &err) < 0) {
        fault(a, err.text);
        end(a);
    }
}

/* Those of a pair start together, or each when the one before it has ended. */
static void begin_next(struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        struct assault *a = &g->items[i];
        if (a->begun)
            continue;
        if (i > 0 && a->attack->after && !g->items[i - 1].ended)
            return;
        begin(a);
    }
}

static void on_lost(void *context)
{
    struct group *g = context;
    for (size_t i = 0; i < g->count; i++)
        if (!g->items[i].ended)
            fault(&g->items[i], "the executor went away");
    event_base_loopbreak(g->loop);
}

static void on_timeout(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct group *g = context;
    for (size_t i = 0; i < g->count; i++)
        if (!g->items[i].ended)
            fault(&g->items[i], "no answer came in time");
    event_base_loopbreak(g->loop);
}

static uint64_t patience_s(const struct group *g)
{
    uint64_t total = PATIENCE_S;
    for (size_t i = 0; i < g->count; i++) {
        uint64_t wall = g->items[i].attack->request.limits.wall_ms;
        total += (wall == UINT64_MAX ? limits_ceiling.wall_ms : wall) / 1000;
    }
    return total;
}

static int run(struct group *g, int sock, struct error *err)
{
    g->loop = event_base_new();
    struct executor_client_options options = {.loop = g->loop,
                                              .running_most = ATTACK_PAIR_MOST,
                                              .queue_most = ATTACK_PAIR_MOST,
                                              .client_most = ATTACK_PAIR_MOST,
                                              .client_queue_most = ATTACK_PAIR_MOST,
                                              .lost = on_lost,
                                              .context = g};
    if (!g->loop || executor_client_new(&g->client, &options) < 0)
        return error_set(err, ENOMEM, "event loop: %m");
    int r = executor_client_connect(g->client, sock, err);
    if (r < 0)
        return r;
    event_base_once(g->loop, -1, EV_TIMEOUT, on_timeout, g,
                    &(struct timeval){.tv_sec = (time_t)patience_s(g)});
    begin_next(g);
    if (g->ended < g->count)
        event_base_dispatch(g->loop);
    return 0;
}

static void judge_pair(struct group *g, const struct attack *const *attacks)
{
    const json_t *answers[ATTACK_PAIR_MOST];
    for (size_t i = 0; i < g->count; i++)
        answers[i] = g->items[i].answer;
    attack_judge_pair(attacks, answers, g->count, g->verdicts);
}

_Noreturn void attack_child(const struct attack *const *attacks, size_t count, int sock, int pipe,
                            const char *user)
{
    static struct group g;
    struct error err = {0};
    signal(SIGPIPE, SIG_IGN);
    g.count = count;
    for (size_t i = 0; i < count; i++)
        g.items[i] = (struct assault){.group = &g, .attack = attacks[i], .verdict = &g.verdicts[i]};
    if (drop_root(user, &err) < 0 || run(&g, sock, &err) < 0)
        for (size_t i = 0; i < count; i++)
            fault(&g.items[i], err.text);
    else if (count > 1)
        judge_pair(&g, attacks);
    _exit(write_all(pipe, g.verdicts, count * sizeof *g.verdicts) < 0);
}
