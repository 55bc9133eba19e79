#include "bench.h"

#include <errno.h>
#include <time.h>

/* What a subject leaves to the kernel's own threads (empty network namespaces, memory of the dead) is done
 * soon after; it belongs to the subject's account. */
enum { AFTER_TURN_NS = 20000000, IDLE_NS = 100000000 };

static void sleep_ns(long ns)
{
    nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
}

struct turn {
    uint64_t start_ns, end_ns;
    struct cpu_time start, end;
};

static int turn_begin(struct turn *t, struct error *err)
{
    int r = machine_cpu(&t->start);
    if (r < 0)
        return error_set(err, -r, "read the machine's CPU time (cpuacct.usage or cpu.stat): %m");
    t->start_ns = clock_now_ns();
    return 0;
}

static int turn_end(struct turn *t, struct error *err)
{
    t->end_ns = clock_now_ns();
    int r = machine_cpu(&t->end);
    return r < 0 ? error_set(err, -r, "read the machine's CPU time: %m") : 0;
}

int machine_idle(double *rate, struct error *err)
{
    struct turn t;
    int r = turn_begin(&t, err);
    if (r < 0)
        return r;
    sleep_ns(IDLE_NS);
    r = turn_end(&t, err);
    *rate = (double)(t.end.machine_ns - t.start.machine_ns) / (double)(t.end_ns - t.start_ns);
    return r;
}

static int take_turn(struct bench *b, struct subject *s, double idle, bool keep, struct error *err)
{
    struct turn t;
    int r = turn_begin(&t, err);
    if (r < 0)
        return r;
    for (unsigned i = 0; i < s->per_turn; i++) {
        if (s->pause_ns)
            sleep_ns(s->pause_ns);
        uint64_t start = clock_now_ns();
        r = s->run(b, err);
        if (r < 0)
            return error_context(err, "%s", s->name);
        if (keep)
            s->wall_ns[s->wall_count++] = (double)(clock_now_ns() - start);
    }
    sleep_ns(AFTER_TURN_NS);
    r = turn_end(&t, err);
    if (r < 0 || !keep)
        return r;
    double used = (double)(t.end.machine_ns - t.start.machine_ns) - idle * (double)(t.end_ns - t.start_ns);
    s->machine_ns[s->turn_count] = used / s->per_turn;
    if (t.end.has_own)
        s->own_ns[s->turn_count] = (double)(t.end.own_ns - t.start.own_ns) / s->per_turn;
    s->turn_count++;
    return 0;
}

int measure(struct bench *b, struct table *t, unsigned rounds, struct error *err)
{
    for (size_t i = 0; i < t->count; i++) {
        struct subject *s = &t->subjects[i];
        s->wall_ns = calloc((size_t)rounds * s->per_turn, sizeof *s->wall_ns);
        s->own_ns = calloc(rounds, sizeof *s->own_ns);
        s->machine_ns = calloc(rounds, sizeof *s->machine_ns);
        if (!s->wall_ns || !s->own_ns || !s->machine_ns)
            return error_set(err, ENOMEM, "samples");
    }
    /* Round 0 warms caches up and is not kept. */
    for (unsigned round = 0; round <= rounds; round++) {
        double idle;
        int r = machine_idle(&idle, err);
        if (r < 0)
            return r;
        for (size_t i = 0; i < t->count; i++) {
            struct subject *s = &t->subjects[(i + round) % t->count];
            if (s->absent)
                continue;
            r = take_turn(b, s, idle, round > 0, err);
            if (r < 0)
                return r;
        }
    }
    return 0;
}
