/* Templates: boot, freeze, serve, retire. One *generation* is one template of a language.
 *
 * Theory of operation. A generation goes through its stages (enum generation_stage), each begun by a function
 * here and ended by an event: it was let go, it says `ready`, it is quiet, it is frozen. Then it takes the
 * place of the one that serves, which is retired: it makes no more clones, and is ended when those that are
 * being copied from it are done. A fault before that is tried again after a pause that grows; only what
 * cannot be copied, or whose clones fail time and again, is refused for good. At most one boots for each CPU,
 * in the order of the languages' folders, so that the first are ready soon; replacements boot one by one.
 *
 * What a runtime says on standard output is its warm-up's and is thrown away; the last of standard error is
 * kept and logged if it comes to a fault: a warm-up prints exceptions on purpose. It keeps its pipes as long
 * as it lives, so that it sees no end of them; its clones get others in their place.
 */
#include "template/internal.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    START_US = 10000000,  /* for each step that is ours alone: start, freeze */
    SETTLE_US = 30000,    /* after `ready`, for what its other threads still do */
    PAUSE_LEAST_MS = 250, /* after the first fault, doubled by each in a row, up to: */
    PAUSE_MOST_MS = 60000,
    SPOILT_CLONES = 3,    /* faults in a row, and a template is replaced */
    SPOILT_TEMPLATES = 3, /* such templates in a row, and the language is refused */
    REFUSALS_MOST = 3,    /* in a row, and the language is refused */
    SAME_AGAIN_S = 10,    /* before the same fault is logged again */
    CHUNK = 4096,
};

static const char ready_line[] = "ready\n";

static void on_step(evutil_socket_t fd, short what, void *context);
static void on_death(evutil_socket_t fd, short what, void *context);
static void on_deadline(evutil_socket_t fd, short what, void *context);
static void on_settled(evutil_socket_t fd, short what, void *context);
static void on_out(evutil_socket_t fd, short what, void *context);
static void on_error(evutil_socket_t fd, short what, void *context);
static void on_report(evutil_socket_t fd, short what, void *context);
static void on_age(evutil_socket_t fd, short what, void *context);

static int watch(struct generation *g, struct event *event, int fd, event_callback_fn callback,
                 struct error *err)
{
    return loop_watch(event, g->warm->all->options.loop, fd, EV_READ, callback, g, err);
}

static int deadline(struct generation *g, uint64_t us, event_callback_fn callback, struct error *err)
{
    return loop_after(&g->deadline, g->warm->all->options.loop, us, callback, g, err);
}

/* ---- what is told of faults ---- */

static void tell_changed(const struct warm *warm)
{
    const struct templates_options *o = &warm->all->options;
    if (o->changed && !warm->all->closing)
        o->changed(o->context);
}

void warm_fault(struct warm *warm, const char *format, ...)
{
    va_list args;
    char why[sizeof warm->why];
    uint64_t now = clock_now_ns();
    warm->faults++;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (strcmp(why, warm->why) != 0 || now - warm->told_ns > SAME_AGAIN_S * UINT64_C(1000000000)) {
        log_warning("template", "%s: %s", warm->language->name, why);
        warm->told_ns = now;
    }
    memcpy(warm->why, why, sizeof why);
    tell_changed(warm);
}

void warm_refuse(struct warm *warm, const char *why)
{
    warm->faults++;
    snprintf(warm->why, sizeof warm->why, "%s", why);
    log_warning("template", "%s boots cold from now on: %s", warm->language->name, warm->why);
    warm->refused = true;
    warm->wants_boot = false;
    loop_unwatch(&warm->again);
    if (warm->booting)
        generation_retire(warm->booting);
    if (warm->serving)
        generation_retire(warm->serving);
    pool_drop(warm);
    tell_changed(warm);
}

/* ---- the end of one ---- */

static void generation_end(struct generation *g)
{
    struct event *events[] = {&g->step, &g->death, &g->deadline, &g->out, &g->error, &g->report, &g->age};
    struct templates *all = g->warm->all;
    struct generation **at = &all->generations;
    while (*at != g)
        at = &(*at)->next;
    *at = g->next;
    for (size_t i = 0; i < array_length(events); i++)
        loop_unwatch(events[i]);
    ending_start(all, NULL, NULL, g->template);
    pipes_close(g->pipes.ours);
    pipes_close(g->pipes.theirs);
    free(g);
}

void generation_retire(struct generation *g)
{
    struct warm *warm = g->warm;
    if (warm->serving == g)
        warm->serving = NULL;
    if (warm->booting == g) {
        warm->booting = NULL;
        warm->all->booting--;
    }
    g->retired = true;
    rehearsal_drop(g);
    loop_unwatch(&g->age);
    if (g->orders == 0)
        generation_end(g);
}

void generation_order_done(struct generation *g)
{
    g->orders--;
    if (g->retired && g->orders == 0)
        generation_end(g);
}

/* ---- another one ---- */

static void on_again(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    generation_want(context);
}

void generation_want(struct warm *warm)
{
    if (warm->refused || warm->booting || warm->all->closing)
        return;
    loop_unwatch(&warm->again);
    warm->wants_boot = true;
    generations_boot(warm->all);
}

static void want_after_fault(struct warm *warm)
{
    uint64_t ms = PAUSE_LEAST_MS;
    for (unsigned i = 1; i < warm->boot_faults && ms < PAUSE_MOST_MS; i++)
        ms *= 2;
    if (warm->boot_faults == 0)
        ms = 0;
    if (ms > PAUSE_MOST_MS)
        ms = PAUSE_MOST_MS;
    if (loop_after(&warm->again, warm->all->options.loop, ms * 1000, on_again, warm, NULL) < 0)
        log_error("template", "%s: no timer for the next template", warm->language->name);
}

/* ---- faults ---- */

/* Logs what it said on standard error before its fault; the last line is copied. */
static void log_said(struct generation *g, char *last, size_t room)
{
    size_t at = 0;
    if (g->pipes.ours[2] >= 0)
        on_error(g->pipes.ours[2], EV_READ, g); /* what the loop has not come to */
    last[0] = 0;
    while (at < g->said_bytes) {
        const char *line = g->said + at, *end = memchr(line, '\n', g->said_bytes - at);
        int n = (int)(end ? (size_t)(end - line) : g->said_bytes - at);
        if (n > 0) {
            snprintf(last, room, "%.*s", n, line);
            log_info("template", "%s: its template said: %.*s", g->warm->language->name, n, line);
        }
        at += (size_t)n + 1;
    }
}

/* It did not come to be frozen. What it said last tells more than its death. */
static void boot_failed(struct generation *g, const struct error *err)
{
    struct warm *warm = g->warm;
    char why[sizeof warm->why], last[80];
    log_said(g, last, sizeof last);
    snprintf(why, sizeof why, "%.160s%s%s", err->text, last[0] ? "; it said: " : "", last);
    /* What one held by chance, a thread just ending, the next will not; had one been frozen, it may be again.
     */
    if (err->code == ENOTSUP && warm->boot_us == 0 && ++warm->refusals >= REFUSALS_MOST) {
        warm_refuse(warm, why);
    } else {
        warm->boot_faults++;
        warm_fault(warm, "%s", why);
        generation_retire(g);
        want_after_fault(warm);
    }
    generations_boot(warm->all);
}

static void boot_fault(struct generation *g, int code, const char *text)
{
    struct error err;
    error_set(&err, code, "%s", text);
    boot_failed(g, &err);
}

static void died(struct generation *g)
{
    struct warm *warm = g->warm;
    loop_unwatch(&g->death);
    if (g->retired) { /* when no clone is under way any more it is ended */
        makings_orphaned(warm, g);
        return;
    }
    if (g->stage < GENERATION_FROZEN) {
        boot_fault(g, EIO, "the runtime died before it was a template");
        return;
    }
    bool served = g->clones > 0;
    warm_fault(warm, "its template died after %llu clones", (unsigned long long)g->clones);
    generation_retire(g);
    if (!served)
        warm->boot_faults++;
    if (!warm->booting)
        want_after_fault(warm);
    makings_orphaned(warm, g);
}

static void on_death(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    died(context);
}

/* The host is short of something, or busy: no fault of the template's. */
static bool is_passing(int code)
{
    static const int passing[] = {ETIMEDOUT, ENOMEM, EAGAIN, EMFILE, ENFILE, ENOSPC};
    for (size_t i = 0; i < array_length(passing); i++)
        if (code == passing[i])
            return true;
    return false;
}

void generation_spoilt(struct generation *g, const struct error *err)
{
    struct warm *warm = g->warm;
    struct pollfd p = {template_pidfd(g->template), POLLIN, 0};
    if (poll(&p, 1, 0) > 0) { /* a clone under way may see it before the loop does */
        died(g);
        return;
    }
    warm_fault(warm, "a clone failed: %s", err->text);
    if (is_passing(err->code) || ++warm->clone_faults < SPOILT_CLONES)
        return;
    warm->clone_faults = 0;
    warm->boot_faults++;
    if (++warm->spoilt >= SPOILT_TEMPLATES) {
        char last[sizeof warm->why];
        snprintf(last, sizeof last, "the clones of %d templates failed; the last: %.180s", SPOILT_TEMPLATES,
                 err->text);
        warm_refuse(warm, last);
        return;
    }
    generation_retire(g);
    if (!warm->booting)
        want_after_fault(warm);
}

/* ---- in service ---- */

static void on_age(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct generation *g = context;
    generation_want(g->warm);
}

void generation_made_clone(struct generation *g)
{
    struct warm *warm = g->warm;
    warm->clones++;
    warm->clone_faults = warm->boot_faults = warm->spoilt = warm->refusals = 0;
    if (++g->clones == warm->all->options.clones_most && !g->retired)
        generation_want(warm);
}

static void serve(struct generation *g)
{
    struct warm *warm = g->warm;
    struct templates *all = warm->all;
    struct generation *old = warm->serving;
    struct template_facts facts;
    template_facts(g->template, &facts);
    warm->page_table_bytes = facts.page_table_bytes;
    g->stage = GENERATION_FROZEN;
    g->frozen_ns = clock_now_ns();
    loop_unwatch(&g->step);
    loop_unwatch(&g->deadline);
    loop_unwatch(&g->out);
    loop_unwatch(&g->error);
    loop_unwatch(&g->report);
    warm->boot_us = (g->frozen_ns - g->began_ns) / 1000;
    warm->booting = NULL;
    all->booting--;
    warm->serving = g;
    warm->clone_faults = 0;
    if (loop_after(&g->age, all->options.loop, all->options.age_most_ms * 1000, on_age, g, NULL) < 0)
        log_error("template", "%s: no timer for the age of a template", warm->language->name);
    log_info("template", "%s is warm: template %llu was ready after %.2f s", warm->language->name,
             (unsigned long long)g->number, (double)warm->boot_us / 1e6);
    if (old)
        generation_retire(old);
    generations_boot(all);
    pool_balance(all);
    if (warm->serving == g)
        rehearsal_want(g);
    tell_changed(warm);
}

/* ---- what it says ---- */

/* Makes room by letting go of the older half. */
static void take_said(struct generation *g, const char *data, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (g->said_bytes == SAID_MOST) {
            g->said_bytes = SAID_MOST / 2;
            memmove(g->said, g->said + SAID_MOST / 2, g->said_bytes);
        }
        bool plain = data[i] == '\n' || isprint((unsigned char)data[i]);
        g->said[g->said_bytes++] = plain ? data[i] : '?';
    }
}

/* -EAGAIN when nothing is there; 0 at the end, which its death explains. */
static ssize_t take(int fd, struct event *event, char data[static CHUNK])
{
    ssize_t n = read(fd, data, CHUNK);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return -EAGAIN;
    if (n <= 0)
        loop_unwatch(event);
    return n > 0 ? n : 0;
}

static void on_out(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct generation *g = context;
    char data[CHUNK];
    (void)take(fd, &g->out, data);
}

static void on_error(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct generation *g = context;
    char data[CHUNK];
    ssize_t n = take(fd, &g->error, data);
    if (n > 0)
        take_said(g, data, (size_t)n);
}

/* Only the line `ready` may come, and nothing after it: the harness waits for an order that it never gets. */
static void on_report(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct generation *g = context;
    struct error err;
    char data[CHUNK];
    ssize_t n = take(fd, &g->report, data);
    if (n <= 0)
        return;
    size_t wanted = strlen(ready_line) - g->ready_bytes;
    if ((size_t)n > wanted || memcmp(data, ready_line + g->ready_bytes, (size_t)n) != 0) {
        boot_fault(g, EPROTO, "the runtime did not report that it is ready");
        return;
    }
    g->ready_bytes += (size_t)n;
    if ((size_t)n < wanted)
        return;
    g->stage = GENERATION_SETTLING;
    if (deadline(g, SETTLE_US, on_settled, &err) < 0)
        boot_failed(g, &err);
}

/* ---- the stages ---- */

static void on_settled(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct generation *g = context;
    struct error err;
    g->stage = GENERATION_FREEZING;
    int r = template_freeze(g->template, &err);
    if (r == 0)
        r = deadline(g, START_US, on_deadline, &err);
    if (r < 0)
        boot_failed(g, &err);
}

/* It was let go: from here on it is the runtime that we wait for. */
static int begin_boot(struct generation *g, struct error *err)
{
    const struct warm *warm = g->warm;
    g->stage = GENERATION_BOOTING;
    pipes_close(g->pipes.theirs);
    int r = watch(g, &g->death, template_pidfd(g->template), on_death, err);
    return r < 0 ? r : deadline(g, warm->language->template.boot.wall_ms * 1000, on_deadline, err);
}

static void on_step(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct generation *g = context;
    struct error err = {.code = EIO, .text = "the template died"};
    int r = template_step(g->template, &err);
    if (r == -EAGAIN)
        return;
    enum template_state state = template_state(g->template);
    if (r == 0 && state == TEMPLATE_BOOTING && g->stage == GENERATION_STARTING)
        r = begin_boot(g, &err);
    else if (r == 0 && state == TEMPLATE_FAILED)
        r = -err.code;
    if (r < 0)
        boot_failed(g, &err);
    else if (state == TEMPLATE_FROZEN)
        serve(g);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct generation *g = context;
    struct error err;
    if (g->stage == GENERATION_BOOTING)
        error_set(&err, ETIMEDOUT, "the runtime was not ready within %llu ms (template.boot.wall_ms)",
                  (unsigned long long)g->warm->language->template.boot.wall_ms);
    else
        error_set(&err, ETIMEDOUT, "the template was not %s within %d ms",
                  g->stage == GENERATION_STARTING ? "started" : "frozen", START_US / 1000);
    boot_failed(g, &err);
}

/* ---- the start ---- */

/* The harness's own two variables come last: nothing may set them otherwise. */
static char **environment(const struct language *language)
{
    const struct language_template *t = &language->template;
    size_t n = strings_count(t->env);
    cleanup_free char *warm_up = NULL, *reseed = NULL, **more = calloc(n + 3, sizeof *more);
    if (!more || asprintf(&warm_up, "PHIAL_WARM_UP=%s", t->warm_up) < 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        more[i] = t->env[i];
    more[n] = warm_up;
    if (t->reseed && asprintf(&reseed, "PHIAL_RESEED=%s", t->reseed) < 0)
        return NULL;
    more[n + 1] = reseed;
    return language_environment(language, more);
}

static int start(struct generation *g, struct error *err)
{
    struct warm *warm = g->warm;
    const struct language *language = warm->language;
    const struct language_template *t = &language->template;
    char **env = environment(language);
    if (!env)
        return error_set(err, ENOMEM, "start a template: %m");
    struct template_spec spec = {
        .image = language->image,
        .argv = (const char *const *)(t->run[0] ? t->run : language->run),
        .env = (const char *const *)env,
        .fds = g->pipes.theirs,
        .fd_count = RUNTIME_FDS,
        .filter = warm->filter,
        .engine = warm->all->engine,
        .helper = t->helper,
        /* No bound on its CPU: it would hold up all that are copied from it. */
        .cgroup = {.memory_bytes = t->boot.memory_bytes, .processes = t->boot.processes},
    };
    int r = pipes_open(&g->pipes, err);
    if (r == 0)
        r = template_start(warm->all->options.ground, &spec, &g->template, err);
    strings_free(env);
    if (r == 0)
        r = watch(g, &g->step, template_fd(g->template), on_step, err);
    if (r == 0)
        r = watch(g, &g->out, g->pipes.ours[1], on_out, err);
    if (r == 0)
        r = watch(g, &g->error, g->pipes.ours[2], on_error, err);
    if (r == 0)
        r = watch(g, &g->report, g->pipes.ours[4], on_report, err);
    return r < 0 ? r : deadline(g, START_US, on_deadline, err);
}

static void boot(struct warm *warm)
{
    struct templates *all = warm->all;
    struct error err;
    struct generation *g = calloc(1, sizeof *g);
    warm->wants_boot = false;
    if (!g) {
        warm->boot_faults++;
        warm_fault(warm, "start a template: out of memory");
        want_after_fault(warm);
        return;
    }
    *g = (struct generation){.next = all->generations,
                             .warm = warm,
                             .number = ++warm->generations,
                             .began_ns = clock_now_ns(),
                             .pipes = PIPES_CLOSED};
    all->generations = g;
    warm->booting = g;
    all->booting++;
    if (start(g, &err) < 0)
        boot_failed(g, &err);
}

/* In turn: a language that is asked for much wants a replacement often, and the others want theirs too. */
void generations_boot(struct templates *all)
{
    size_t count = all->options.languages->count, first = all->boot_turn;
    for (size_t i = 0; i < count && !all->closing; i++) {
        size_t at = (first + i) % count;
        struct warm *warm = &all->items[at];
        size_t most = warm->serving ? 1 : all->booting_most; /* a replacement leaves CPUs to the runs */
        if (warm->wants_boot && all->booting < most) {
            all->boot_turn = (at + 1) % count;
            boot(warm);
        }
    }
}
