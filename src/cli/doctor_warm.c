/* Which languages are warm on this host, and how many sleeping runs it could hold. */
#include "cli/doctor.h"
#include "cli/warmth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>

enum {
    READY_TIMEOUT_MS = 120000,
    WARM_TIMEOUT_MS = 120000,
    PROCESSES_BESIDE = 2, /* of a run, besides the runtime: the box's init and the holder of its memory */
    POOL_BYTES = 256 << 20,
    FILES_OF_A_RUN = 18, /* descriptors of the executor for one run: pipes, pidfds, cgroup files (counted) */
};

/* ---- templates ---- */

static bool is_warm(const struct warm_facts *f)
{
    return f && f->state == WARM_READY && f->clone_bytes > 0;
}

static void add_facts(json_t *object, const struct warm_facts *f)
{
    json_object_set_new(object, "warm", json_boolean(is_warm(f)));
    if (!is_warm(f))
        return;
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {{"boot_us", f->boot_us},
                {"memory_bytes", f->memory_bytes},
                {"page_table_bytes", f->page_table_bytes},
                {"threads", f->threads},
                {"clone_bytes", f->clone_bytes}};
    for (size_t i = 0; i < array_length(rows); i++)
        json_object_set_new(object, rows[i].name, json_integer((json_int_t)rows[i].value));
}

static void add_template(struct doctor *d, const struct language *l, const struct warmth *w)
{
    const struct warm_facts *f = warmth_of(w, l->name);
    char why[512], cure[128] = "";
    enum grade grade = GRADE_GOOD;
    if (f && f->state == WARM_READY && f->clone_bytes == 0) {
        grade = GRADE_NOTE;
        snprintf(why, sizeof why, "it is frozen, but no copy of it could be made: %.400s", f->why);
    } else if (is_warm(f)) {
        snprintf(why, sizeof why, "warm after %.1f s: %.0f MB, page tables %.1f MB; a waiting clone %.1f MB",
                 (double)f->boot_us / 1e6, (double)f->memory_bytes / 1e6, (double)f->page_table_bytes / 1e6,
                 (double)f->clone_bytes / 1e6);
    } else if (!l->template.warm_up) {
        snprintf(why, sizeof why, "it has no template: each run boots");
    } else if (!l->version) {
        grade = GRADE_NOTE;
        snprintf(why, sizeof why, "it has no image");
        snprintf(cure, sizeof cure, "phial image build %s", l->name);
    } else {
        grade = GRADE_NOTE;
        snprintf(why, sizeof why, "not warm, so each run boots: %.400s",
                 f && *f->why            ? f->why
                 : w->late               ? "the template was still booting when the time was over"
                 : d->settings.templates ? "the executor made no template of it"
                                         : "the setting 'templates' is false");
    }
    add_facts(doctor_add(d, d->templates, "language", l->name, grade, why, cure), f);
}

static int warm_all(const struct doctor *d, struct warmth *w, struct error *err)
{
    struct executor_process executor = {.pidfd = -1, .control = -1, .client = -1, .lock = -1};
    struct settings settings = d->settings;
    settings.pool_bytes = POOL_BYTES; /* so that of each a clone is made, and measured */
    int r = executor_spawn(&executor, &settings, err);
    if (r < 0)
        return r;
    r = executor_wait_ready(&executor, READY_TIMEOUT_MS, err);
    if (r == 0)
        r = warmth_wait(w, steal_fd(&executor.client), true, WARM_TIMEOUT_MS, err);
    executor_stop(&executor);
    return r;
}

/* ---- sleeping runs ---- */

static uint64_t read_number(const char *path)
{
    char line[256];
    uint64_t value;
    return doctor_read_line(path, line) && parse_u64(line, &value) == 0 ? value : UINT64_MAX;
}

static uint64_t available_memory(void)
{
    cleanup_free char *text = NULL;
    unsigned long long kib;
    if (read_file_at(AT_FDCWD, "/proc/meminfo", 1 << 16, &text, NULL, NULL) < 0)
        return UINT64_MAX;
    const char *line = strstr(text, "MemAvailable:");
    return line && sscanf(line, "MemAvailable: %llu", &kib) == 1 ? kib << 10 : UINT64_MAX;
}

/* The scarcest kind of namespace; a run has one of each. */
static uint64_t namespaces(void)
{
    static const char *const kinds[] = {"mnt", "pid", "net", "ipc", "uts", "cgroup"};
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < array_length(kinds); i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/sys/user/max_%s_namespaces", kinds[i]);
        uint64_t value = read_number(path);
        least = value < least ? value : least;
    }
    return least;
}

static uint64_t open_files(void)
{
    struct rlimit limit; /* the executor raises its own to what it may */
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : UINT64_MAX;
}

struct need {
    const char *what;
    uint64_t wanted, there;
    const char *cure;
};

static void add_need(json_t *object, const struct need *n)
{
    json_t *pair = json_pack("{s:I,s:I}", "needed", (json_int_t)n->wanted, "there", (json_int_t)n->there);
    json_object_set_new(object, n->what, pair);
}

static void add_sleepers(struct doctor *d, uint64_t count, const struct language *l,
                         const struct warm_facts *f)
{
    uint64_t tasks = count * (f->threads + PROCESSES_BESIDE + (l->template.helper ? 1 : 0));
    const struct need needs[] = {
        {"pid_max", tasks, read_number("/proc/sys/kernel/pid_max"), "sysctl -w kernel.pid_max=4194304"},
        {"threads-max", tasks, read_number("/proc/sys/kernel/threads-max"),
         "sysctl -w kernel.threads-max=1000000"},
        {"memory MB", count * f->clone_bytes / 1000000, available_memory() / 1000000, "more memory"},
        {"open files", count * FILES_OF_A_RUN, open_files(), "LimitNOFILE=524288, or ulimit -n"},
        {"namespaces", count, namespaces(), "sysctl -w user.max_net_namespaces=100000, and so for each kind"},
    };
    char why[512] = "", cure[512] = "", name[64];
    size_t at = 0, cured = 0;
    snprintf(name, sizeof name, "%llu %s", (unsigned long long)count, l->name);
    for (size_t i = 0; i < array_length(needs); i++) {
        const struct need *n = &needs[i];
        at += (size_t)snprintf(why + at, sizeof why - at, "%s%s %llu of %llu", i ? ", " : "", n->what,
                               (unsigned long long)n->wanted, (unsigned long long)n->there);
        if (n->wanted > n->there)
            cured += (size_t)snprintf(cure + cured, sizeof cure - cured, "%s%s", cured ? "; " : "", n->cure);
    }
    json_t *object = doctor_add(d, d->sleepers, "runs", name, cured ? GRADE_NOTE : GRADE_GOOD, why, cure);
    for (size_t i = 0; i < array_length(needs); i++)
        add_need(object, &needs[i]);
}

static void check_sleepers(struct doctor *d, const struct warmth *w)
{
    static const uint64_t counts[] = {1000, 5000};
    doctor_heading(d, "\nSleeping runs, what so many at once need of what is there (and running_most, "
                      "client_running_most: set both)");
    for (size_t i = 0; i < d->languages.count; i++) {
        const struct language *l = &d->languages.items[i];
        const struct warm_facts *f = warmth_of(w, l->name);
        for (size_t k = 0; is_warm(f) && k < array_length(counts); k++)
            add_sleepers(d, counts[k], l, f);
    }
}

void doctor_check_templates(struct doctor *d)
{
    struct error err = {0};
    struct warmth w = {0};
    doctor_heading(d, "\nWarm templates");
    if (geteuid() != 0)
        error_set(&err, EPERM, "only root can boot templates");
    else
        warm_all(d, &w, &err);
    if (err.code) {
        doctor_add(d, d->templates, "language", "all", GRADE_NOTE, err.text, "");
        return;
    }
    for (size_t i = 0; i < d->languages.count; i++)
        add_template(d, &d->languages.items[i], &w);
    if (w.count > 0)
        check_sleepers(d, &w);
}
