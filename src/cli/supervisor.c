#include "cli/supervisor.h"
#include "cli/cli.h"
#include "cli/notify.h"
#include "site/site.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

static const uint64_t million = 1000000, second = 1000000000;

/* "phial is ready: http://127.0.0.1:4080 (languages: elixir 1.18.3, ...)" */
static void announce(struct supervisor *s)
{
    if (s->announced || s->executor_child.state != CHILD_READY || s->frontend_child.state != CHILD_READY)
        return;
    s->announced = true;
    notify_systemd("READY=1");
    printf("phial is ready:");
    for (size_t i = 0; i < s->listeners.count; i++)
        printf("%s %s", i ? "," : "", s->listeners.items[i].name);
    const char *before = " (languages: ";
    for (size_t i = 0; i < s->languages.count; i++)
        if (s->languages.items[i].version) {
            printf("%s%s %s", before, s->languages.items[i].name, s->languages.items[i].version);
            before = ", ";
        }
    puts(*before == ',' ? ")" : " (no language has an image: run 'phial image build --all', then reload)");
    fflush(stdout);
}

/* ---- signals ---- */

static void begin_drain(struct supervisor *s, int goal)
{
    s->goal = goal;
    s->drained = s->frontend_child.state != CHILD_READY; /* nobody's run is in flight then */
    s->drain_until_ns = clock_now_ns() + s->settings.drain_s * second;
    char byte = 'd';
    if (!s->drained && message_send(s->frontend_control, &byte, 1, NULL, 0) < 0)
        s->drained = true;
}

/* Settings, languages or courses that cannot be read must not take down a server that works. */
static bool new_settings_are_good(const struct supervisor *s)
{
    struct error err = {0};
    struct settings settings;
    struct languages languages = {0};
    struct site *site = NULL;
    if (settings_options_load(&s->options, &settings, &err) < 0) {
        log_error("serve", "reload: %s; going on with the old settings", err.text);
        return false;
    }
    bool good = languages_load(&languages, settings.languages_dir, settings.images_dir, &err) >= 0 &&
                site_load(&site, &settings, &languages, &err) >= 0;
    site_free(site);
    if (!good)
        log_error("serve", "reload: %s; going on with the old settings", err.text);
    languages_free(&languages);
    settings_free(&settings);
    return good;
}

static void on_signal(struct supervisor *s)
{
    struct signalfd_siginfo info;
    if (read(s->signals, &info, sizeof info) != sizeof info)
        return;
    if (info.ssi_signo == SIGHUP) {
        if (s->goal != GOAL_RUN || !new_settings_are_good(s))
            return;
        log_info("serve", "reload: waiting up to %llu s for running programs",
                 (unsigned long long)s->settings.drain_s);
        notify_reloading();
        begin_drain(s, GOAL_RELOAD);
    } else if (s->goal == GOAL_STOP) {
        s->goal = GOAL_STOP_NOW;
    } else {
        log_info("serve", "stopping: waiting up to %llu s for running programs; once more to stop at once",
                 (unsigned long long)s->settings.drain_s);
        notify_systemd("STOPPING=1");
        begin_drain(s, GOAL_STOP);
    }
}

static void reload(struct supervisor *s)
{
    struct error err = {0};
    struct settings settings;
    struct languages languages = {0};
    stop_children(s);
    if (settings_options_load(&s->options, &settings, &err) < 0) {
        log_error("serve", "reload: %s; going on with the old settings", err.text);
    } else if (languages_load(&languages, settings.languages_dir, settings.images_dir, &err) < 0) {
        log_error("serve", "reload: %s; going on with the old settings", err.text);
        settings_free(&settings);
    } else {
        if (strcmp(settings.listen, s->settings.listen) || strcmp(settings.socket, s->settings.socket))
            log_warning("serve", "reload: 'listen' and 'socket' change only when phial is started anew");
        languages_free(&s->languages);
        settings_free(&s->settings);
        s->settings = settings;
        s->languages = languages;
    }
    s->executor_child.deaths = s->frontend_child.deaths = 0;
    s->executor_child.restart_ns = s->frontend_child.restart_ns = 0;
    s->announced = false;
    s->goal = GOAL_RUN;
}

/* ---- the loop ---- */

enum {
    SLOT_SIGNALS,
    SLOT_EXECUTOR,
    SLOT_EXECUTOR_CONTROL,
    SLOT_FRONTEND,
    SLOT_FRONTEND_CONTROL,
    SLOT_WATCH,
    SLOT_COUNT
};

static void fill_slots(const struct supervisor *s, struct pollfd slots[static SLOT_COUNT])
{
    bool executor = s->executor_child.state != CHILD_DOWN;
    bool frontend = s->frontend_child.state != CHILD_DOWN;
    const int fds[SLOT_COUNT] = {
        [SLOT_SIGNALS] = s->signals,
        [SLOT_EXECUTOR] = executor ? s->executor.pidfd : -1,
        [SLOT_EXECUTOR_CONTROL] = s->executor_child.state == CHILD_STARTING ? s->executor.control : -1,
        [SLOT_FRONTEND] = frontend ? s->frontend_pidfd : -1,
        [SLOT_FRONTEND_CONTROL] = frontend ? s->frontend_control : -1,
        [SLOT_WATCH] = s->goal == GOAL_RUN ? s->watch : -1,
    };
    for (size_t i = 0; i < SLOT_COUNT; i++)
        slots[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
}

static int timeout_ms(const struct supervisor *s)
{
    uint64_t now = clock_now_ns(), until = UINT64_MAX;
    if (s->goal != GOAL_RUN)
        until = s->drain_until_ns;
    else if (s->executor_child.state == CHILD_DOWN)
        until = s->executor_child.restart_ns;
    if (s->goal == GOAL_RUN && s->frontend_child.state == CHILD_DOWN && s->frontend_child.restart_ns < until)
        until = s->frontend_child.restart_ns;
    if (until == UINT64_MAX)
        return -1;
    return until <= now ? 0 : (int)((until - now) / million + 1);
}

static void turn(struct supervisor *s)
{
    struct pollfd slots[SLOT_COUNT];
    fill_slots(s, slots);
    if (poll(slots, SLOT_COUNT, timeout_ms(s)) <= 0)
        return;
    /* The frontend's last words come before its death, the executor's too. */
    if (slots[SLOT_FRONTEND_CONTROL].revents)
        frontend_reported(s);
    if (slots[SLOT_EXECUTOR_CONTROL].revents)
        executor_reported(s);
    else if (slots[SLOT_EXECUTOR].revents)
        executor_died(s);
    if (slots[SLOT_FRONTEND].revents) {
        frontend_died(s);
        s->drained = true;
    }
    if (slots[SLOT_WATCH].revents && s->changed(s))
        renew_frontend(s);
    if (slots[SLOT_SIGNALS].revents)
        on_signal(s);
}

static bool drained(const struct supervisor *s)
{
    return s->drained || s->goal == GOAL_STOP_NOW || clock_now_ns() >= s->drain_until_ns;
}

static int open_signals(struct supervisor *s)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    signal(SIGPIPE, SIG_IGN);
    s->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? -errno : 0;
}

int supervise(struct supervisor *s)
{
    s->executor_child = (struct child){.name = "executor"};
    s->frontend_child = (struct child){.name = "frontend"};
    s->executor = (struct executor_process){.pidfd = -1, .control = -1, .client = -1, .lock = -1};
    s->frontend_pidfd = s->frontend_control = -1;
    /* No core of it, no ptrace by whoever gets its uid; and the kernel looks elsewhere for memory first. */
    prctl(PR_SET_DUMPABLE, 0);
    if (write_file_at(AT_FDCWD, "/proc/self/oom_score_adj", "-900", NULL) < 0)
        log_warning("serve",
                    "could not set oom_score_adj: the kernel may choose the supervisor when memory runs out");
    int r = open_signals(s);
    if (r < 0)
        error_set(&s->failure, -r, "signalfd: %m");
    bool was_ready = false;
    while (!s->failure.code) {
        if (s->goal == GOAL_RUN) {
            start_executor(s);
            start_frontend(s);
        } else if (drained(s)) {
            if (s->goal != GOAL_RELOAD)
                break;
            reload(s);
            continue;
        }
        turn(s);
        announce(s);
        was_ready |= s->announced;
        if (was_ready)
            s->failure.code = 0; /* only the first start may give up */
    }
    stop_children(s);
    close_fd(&s->signals);
    return s->failure.code ? command_error(&s->failure) : EXIT_OK;
}
