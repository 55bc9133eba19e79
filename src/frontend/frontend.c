#include "frontend/frontend.h"
#include "api/api.h"
#include "executor/executor.h"
#include "frontend/privileges.h"
#include "http/http.h"
#include "site/site.h"
#include "store/store.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

struct frontend {
    const struct frontend_options *options;
    struct event_base *loop;
    struct event *control, *settle;
    struct executor_client *executor;
    struct http_server *server;
    struct api *api;
    struct site *site;
    int audit, memory; /* opened before the drop */
    struct store *store;
    unsigned settle_turns;
    bool warmth_said; /* of this executor */
};

/* ---- before the drop ---- */

static int open_kept(struct frontend *f, struct error *err)
{
    const struct settings *s = f->options->settings;
    f->audit = *s->audit_log
                   ? open(s->audit_log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640)
                   : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (f->audit < 0)
        return error_set(err, errno, "open the audit log %s: %m", s->audit_log);
    f->memory = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    return 0;
}

/* ---- the store ---- */

/* What nobody without an account has come back to for so long, is forgotten: browsers keep no cookie longer.
 */
enum { FORGET_DAYS = 400 };

/* By its name in the frontend's own root. */
static int open_store(struct frontend *f, struct error *err)
{
    char path[SETTINGS_PATH_SIZE];
    struct timespec now;
    snprintf(path, sizeof path, "/store%s", strrchr(f->options->settings->store, '/'));
    int r = store_open(&f->store, path, err);
    if (r == 0)
        r = store_start(f->store, f->loop, err);
    if (r == 0 && clock_gettime(CLOCK_REALTIME, &now) == 0)
        r = store_forget_old(f->store, ((uint64_t)now.tv_sec - UINT64_C(86400) * FORGET_DAYS) * 1000, NULL,
                             NULL);
    return r;
}

/* ---- the drop ---- */

static int drop(struct frontend *f, struct error *err)
{
    const struct frontend_options *o = f->options;
    int keep[64];
    size_t n = 0;
    if (o->listener_count > array_length(keep) - 8)
        return error_set(err, E2BIG, "more listening sockets than the frontend takes: %m");
    const int others[] = {o->executor, o->control, f->audit, f->memory};
    char store[SETTINGS_PATH_SIZE];
    const char *file;
    for (size_t i = 0; i < o->listener_count; i++)
        keep[n++] = o->listeners[i];
    for (size_t i = 0; i < array_length(others); i++)
        if (others[i] >= 0)
            keep[n++] = others[i];
    int r = settings_store_folder(o->settings, store, &file, err);
    if (r < 0)
        return r;
    return privileges_drop(&(struct privileges){.user = o->settings->user,
                                                .state = o->settings->state_dir,
                                                .store = store,
                                                .keep = keep,
                                                .keep_count = n,
                                                .files_most = o->settings->connections_most + 256},
                           err);
}

/* ---- the supervisor ---- */

static void tell(struct frontend *f, char what)
{
    if (message_send(f->options->control, &what, 1, NULL, 0) < 0)
        event_base_loopbreak(f->loop);
}

/* The last run has ended; its answer may still be on the way. */
static void on_settle(int fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct frontend *f = context;
    static const struct timeval pause = {.tv_usec = 20000};
    if (http_server_stats(f->server)->in_flight > 0 && f->settle_turns++ < 100)
        event_add(f->settle, &pause);
    else
        tell(f, 'D');
}

static void on_drained(void *context)
{
    struct frontend *f = context;
    on_settle(-1, 0, f);
}

static void drain(struct frontend *f)
{
    api_drain(f->api);
    executor_client_drain(f->executor, on_drained, f);
}

static void connect_executor(struct frontend *f, int sock)
{
    struct error err;
    if (executor_client_connect(f->executor, sock, &err) < 0)
        log_error("frontend", "%s", err.text);
}

static void on_control(int fd, short what, void *context)
{
    (void)what;
    struct frontend *f = context;
    char message = 0;
    int sock = -1;
    size_t count = 0;
    ssize_t n = message_receive(fd, &message, 1, &sock, 1, &count);
    if (n == -EAGAIN || n == -EINTR)
        return;
    if (n <= 0)
        event_base_loopbreak(f->loop); /* the supervisor is gone */
    else if (message == 'e' && count == 1)
        connect_executor(f, sock);
    else if (message == 'd')
        drain(f);
}

/* ---- the executor ---- */

static void on_lost(void *context)
{
    struct frontend *f = context;
    f->warmth_said = false;
    log_warning("frontend", "the executor is gone; runs wait for a new one");
}

static void __attribute__((format(printf, 3, 4))) add(char *text, size_t room, const char *format, ...)
{
    size_t at = strlen(text);
    va_list list;
    va_start(list, format);
    vsnprintf(text + at, room - at, format, list);
    va_end(list);
}

/* "warm: elixir 1.8 s, python 0.2 s", once for each executor, when no first template is still booting. */
static void on_told(void *context)
{
    struct frontend *f = context;
    const struct executor_stats stats = executor_client_stats(f->executor);
    char warm[1024] = "", cold[1024] = "";
    if (f->warmth_said || executor_stats_booting(&stats))
        return;
    f->warmth_said = true;
    for (size_t i = 0; i < stats.template_count; i++) {
        const struct executor_template *t = &stats.templates[i];
        if (t->facts.state == WARM_READY)
            add(warm, sizeof warm, "%s%s %.1f s", *warm ? ", " : "", t->language,
                (double)t->facts.boot_us / 1e6);
        else if (t->facts.state != WARM_NONE)
            add(cold, sizeof cold, "%s%s (%s)", *cold ? ", " : "", t->language, t->facts.why);
    }
    if (stats.template_count > 0)
        log_info("frontend", "warm: %s", *warm ? warm : "no language");
    if (*cold)
        log_warning("frontend", "not warm, so their runs boot: %s", cold);
}

/* ---- putting together ---- */

static void on_library_log(int severity, const char *text)
{
    if (severity >= EVENT_LOG_WARN)
        log_warning("frontend", "libevent: %s", text);
}

/* Four runs on each CPU, as the settings say. */
static uint32_t running_most(const struct settings *s)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    return s->running_most ? (uint32_t)s->running_most : 4 * (uint32_t)(cpus > 0 ? cpus : 1);
}

static int make_executor(struct frontend *f)
{
    const struct settings *s = f->options->settings;
    return executor_client_new(&f->executor, &(struct executor_client_options){
                                                 .loop = f->loop,
                                                 .running_most = running_most(s),
                                                 .queue_most = (uint32_t)s->queue_most,
                                                 .client_most = (uint32_t)s->client_running_most,
                                                 .client_queue_most = (uint32_t)s->client_queue_most,
                                                 .lost = on_lost,
                                                 .told = on_told,
                                                 .context = f,
                                             });
}

static int make_server(struct frontend *f)
{
    const struct settings *s = f->options->settings;
    struct key_ring *keys;
    int r = key_ring_open(&keys, open("/state", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (r == 0)
        r = http_server_new(&f->server, &(struct http_options){.loop = f->loop, .settings = s, .keys = keys});
    if (r == 0)
        r = api_new(&f->api, &(struct api_options){.loop = f->loop,
                                                   .settings = s,
                                                   .languages = f->options->languages,
                                                   .executor = f->executor,
                                                   .server = f->server,
                                                   .store = f->store,
                                                   .audit = steal_fd(&f->audit),
                                                   .memory = steal_fd(&f->memory)});
    return r == 0 ? api_routes(f->api, f->server) : r;
}

static int open_site(struct frontend *f, struct error *err)
{
    int r = site_open(f->site, &(struct site_parts){.api = f->api, .store = f->store}, err);
    if (r < 0)
        return r;
    r = site_routes(f->site, f->server);
    return r < 0 ? error_set(err, -r, "start: %m") : 0;
}

static int make_parts(struct frontend *f, struct error *err)
{
    signal(SIGPIPE, SIG_IGN);
    event_set_log_callback(on_library_log);
    f->loop = event_base_new();
    if (!f->loop)
        return error_set(err, ENOMEM, "make the event loop: %m");
    f->control = event_new(f->loop, f->options->control, EV_READ | EV_PERSIST, on_control, f);
    f->settle = evtimer_new(f->loop, on_settle, f);
    int r = f->control && f->settle && event_add(f->control, NULL) == 0 ? make_executor(f) : -ENOMEM;
    if (r < 0)
        return error_set(err, -r, "start: %m");
    r = open_store(f, err);
    if (r < 0)
        return r;
    r = make_server(f);
    return r < 0 ? error_set(err, -r, "start: %m") : open_site(f, err);
}

static int begin(struct frontend *f, struct error *err)
{
    const struct frontend_options *o = f->options;
    int r = open_kept(f, err);
    if (r == 0)
        r = site_load(&f->site, o->settings, o->languages, err);
    if (r == 0)
        r = drop(f, err);
    if (r == 0)
        r = make_parts(f, err);
    if (r == 0)
        r = filter_install(err);
    for (size_t i = 0; r == 0 && i < o->listener_count; i++)
        r = http_server_listen(f->server, o->listeners[i], err);
    if (r == 0 && o->executor >= 0)
        r = executor_client_connect(f->executor, o->executor, err);
    return r;
}

int frontend_main(const struct frontend_options *options)
{
    static struct frontend f;
    struct error err;
    f = (struct frontend){.options = options, .audit = -1, .memory = -1};
    if (begin(&f, &err) < 0) {
        log_error("frontend", "%s", err.text);
        return EXIT_FAILURE;
    }
    tell(&f, 'r');
    event_base_dispatch(f.loop);
    http_server_free(f.server);
    api_free(f.api);
    site_free(f.site);
    store_close(f.store);
    executor_client_free(f.executor);
    event_free(f.control);
    event_free(f.settle);
    event_base_free(f.loop);
    return EXIT_SUCCESS;
}
