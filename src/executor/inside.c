/* The executor's process: what it does before the first run, its loop, and its end. */
#include "executor/server.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct inside {
    const struct settings *settings;
    const char *only; /* the one language that is wanted; NULL for all */
    unsigned slot;
    int control;
    struct event_base *loop;
    struct languages languages;
    struct filter *filters;
    bool *available;
    struct ground *ground;
    struct server server;
    struct templates *templates;
    struct event control_event, ground_event;
    int exit_code;
    bool draining;
};

/* ---- the place ---- */

/* Our mounts are ours alone, /proc shows our own namespace, and there is a place to mount images at, which
 * the root of the user namespace T, a stranger to the host, can walk to. */
static int make_place(const struct settings *settings, char *at, size_t room, struct error *err)
{
    if (mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_set(err, errno, "make all mounts private: %m");
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return error_set(err, errno, "mount /proc: %m");
    if (mkdir(settings->run_dir, 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make %s: %m", settings->run_dir);
    snprintf(at, room, "%s/mnt", settings->run_dir);
    if (mkdir(at, 0711) < 0 && errno != EEXIST)
        return error_set(err, errno, "make %s: %m", at);
    if (mount("tmpfs", at, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0711,size=1m") < 0)
        return error_set(err, errno, "mount a tmpfs at %s: %m", at);
    return 0;
}

static int protect_self(bool warn, struct error *err)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    int r = write_file_at(AT_FDCWD, "/proc/self/oom_score_adj", "-900", err);
    if (r == -EACCES || r == -EPERM) { /* lowering it needs CAP_SYS_RESOURCE, which a container may lack */
        if (warn)
            log_warning("executor", "the kernel may kill the executor when memory is short: %s", err->text);
        return 0;
    }
    return r;
}

/* ---- images ---- */

struct mounts {
    struct ground_image *images; /* strings owned */
    size_t count;
};

static void mounts_free(struct mounts *m)
{
    for (size_t i = 0; i < m->count; i++) {
        free((char *)m->images[i].name);
        free((char *)m->images[i].path);
    }
    free(m->images);
}

static const struct ground_image *mounts_find(const struct mounts *m, const char *name)
{
    for (size_t i = 0; i < m->count; i++)
        if (!strcmp(m->images[i].name, name))
            return &m->images[i];
    return NULL;
}

static int mount_one(const struct settings *settings, const char *place, const char *name, struct mounts *m,
                     struct error *err)
{
    cleanup_free char *path = NULL, *copy = strdup(name);
    if (!copy || asprintf(&path, "%s/%s", place, name) < 0) {
        path = NULL;
        return error_set(err, ENOMEM, "mount image %s: %m", name);
    }
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make %s: %m", path);
    int r = image_mount(settings->images_dir, name, path, err);
    if (r == 0)
        m->images[m->count++] = (struct ground_image){steal_pointer(&copy), steal_pointer(&path)};
    return r;
}

static bool wanted(const struct inside *in, const struct language *language)
{
    return !in->only || !strcmp(in->only, language->name);
}

/* A language without an image is left out, with the cure in the log. */
static int mount_images(struct inside *in, const char *place, struct mounts *m, struct error *err)
{
    m->images = calloc(in->languages.count + 1, sizeof *m->images);
    in->available = calloc(in->languages.count + 1, sizeof *in->available);
    if (!m->images || !in->available)
        return error_set(err, ENOMEM, "mount images: %m");
    for (size_t i = 0; i < in->languages.count; i++) {
        const struct language *language = &in->languages.items[i];
        if (!wanted(in, language))
            continue;
        in->available[i] =
            mounts_find(m, language->image) || mount_one(in->settings, place, language->image, m, err) == 0;
        if (!in->available[i])
            log_warning("executor", "%s is left out: %s (build it with: phial image build %s)",
                        language->name, err->text, language->name);
    }
    return 0;
}

static int compile_filters(struct inside *in, struct error *err)
{
    in->filters = calloc(in->languages.count + 1, sizeof *in->filters);
    if (!in->filters)
        return error_set(err, ENOMEM, "compile filters: %m");
    for (size_t i = 0; i < in->languages.count; i++) {
        const struct language *language = &in->languages.items[i];
        if (!wanted(in, language))
            continue;
        int r = filter_compile(&in->filters[i], (const char *const *)language->seccomp, err);
        if (r < 0)
            return error_context(err, "%s", language->name);
    }
    return 0;
}

static int start_ground(struct inside *in, const struct mounts *m, struct error *err)
{
    const struct settings *s = in->settings;
    struct ground_options options = {
        .images = m->images,
        .image_count = m->count,
        .slot = in->slot,
        .uid_base = (uint32_t)(s->uid_base + (uint64_t)in->slot * 65536),
        .without_landlock = s->allow_missing_landlock,
        .without_core_scheduling = s->allow_missing_core_scheduling,
    };
    return ground_start(&in->ground, &options, err);
}

/* ---- the loop ---- */

static void leave(struct inside *in, int exit_code)
{
    in->exit_code = exit_code;
    event_base_loopbreak(in->loop);
}

static void on_idle(void *context)
{
    struct inside *in = context;
    if (in->draining)
        leave(in, 0);
}

/* The supervisor's messages; its end is ours. */
static void on_control(evutil_socket_t sock, short what, void *context)
{
    (void)what;
    struct inside *in = context;
    char byte = 0;
    int fd = -1;
    size_t fd_count = 0;
    ssize_t n = message_receive(sock, &byte, 1, &fd, 1, &fd_count);
    if (n <= 0) {
        leave(in, 0);
    } else if (byte == 'c' && fd_count == 1) {
        if (server_connect(&in->server, fd) < 0)
            log_error("executor", "a new client's socket could not be taken");
    } else if (byte == 'd' && fd_count == 0) {
        in->draining = true;
        server_drain(&in->server);
    } else {
        close_fd(&fd);
        log_error("executor", "the supervisor sent what is not understood");
    }
}

static void on_ground(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    log_error("executor", "the maker of boxes died");
    leave(context, 1);
}

static int prepare(struct inside *in, struct error *err)
{
    char place[4200];
    struct mounts mounts = {0};
    int r = make_place(in->settings, place, sizeof place, err);
    if (r == 0)
        r = protect_self(!in->only, err); /* for one run it does not matter */
    if (r == 0)
        r = languages_load(&in->languages, in->settings->languages_dir, in->settings->images_dir, err);
    if (r == 0)
        r = mount_images(in, place, &mounts, err);
    if (r == 0)
        r = compile_filters(in, err);
    if (r == 0)
        r = start_ground(in, &mounts, err);
    mounts_free(&mounts);
    return r;
}

static uint32_t running_most(const struct settings *s)
{
    cpu_set_t set;
    if (s->running_most > 0)
        return (uint32_t)s->running_most;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? 4 * (uint32_t)CPU_COUNT(&set) : 4;
}

static int listen_to_all(struct inside *in, int client, struct error *err)
{
    in->loop = event_base_new();
    if (!in->loop)
        return error_set(err, ENOMEM, "make an event loop: %m");
    in->server = (struct server){
        .env = {.loop = in->loop,
                .ground = in->ground,
                .languages = &in->languages,
                .filters = in->filters,
                .cpu_percent = (uint32_t)in->settings->cpu_percent,
                .ceiling = in->settings->ceiling},
        .available = in->available,
        .running_most = running_most(in->settings),
        .idle = on_idle,
        .context = in,
    };
    server_open(&in->server);
    event_assign(&in->control_event, in->loop, in->control, EV_READ | EV_PERSIST, on_control, in);
    event_assign(&in->ground_event, in->loop, ground_watch_fd(in->ground), EV_READ, on_ground, in);
    if (event_add(&in->control_event, NULL) < 0 || event_add(&in->ground_event, NULL) < 0 ||
        server_connect(&in->server, client) < 0)
        return error_set(err, ENOMEM, "watch descriptors: %m");
    return 0;
}

/* Runs boot cold until the first ones are warm. */
static void open_templates(struct inside *in)
{
    struct error err;
    const struct settings *s = in->settings;
    struct templates_options options = {
        .loop = in->loop,
        .ground = in->ground,
        .languages = &in->languages,
        .filters = in->filters,
        .available = in->available,
        .ceiling = s->ceiling,
        .cpu_percent = (uint32_t)s->cpu_percent,
        .clones_most = s->template_clones,
        .age_most_ms = s->template_age_ms,
        .pool_bytes = s->pool_bytes,
        .changed = server_templates_changed,
        .context = &in->server,
    };
    if (!s->templates)
        return;
    if (templates_open(&in->templates, &options, &err) < 0)
        log_error("executor", "all runs start cold: %s", err.text);
    else
        server_warm(&in->server, in->templates);
}

int executor_main(const struct settings *settings, const char *only, unsigned slot, int control, int client)
{
    struct inside in = {.settings = settings, .only = only, .slot = slot, .control = control};
    struct error err;
    int r = prepare(&in, &err);
    if (r == 0)
        r = listen_to_all(&in, client, &err);
    if (r == 0)
        open_templates(&in);
    if (control_report(control, -r, r < 0 ? err.text : "ready") < 0 || r < 0)
        return 1;
    event_base_dispatch(in.loop);
    if (in.exit_code == 0 && in.templates)
        templates_close(in.templates);
    if (in.exit_code == 0)
        ground_stop(in.ground);
    return in.exit_code; /* with this process, init of its namespace, all others end */
}
