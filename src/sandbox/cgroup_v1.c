/* cgroup v1: Documentation/admin-guide/cgroup-v1 of the kernel. Still supported since such hosts exist. */
#include "sandbox/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>

static bool has_option(const char *options, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = options; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (!strncmp(at, name, n) && (at[n] == ',' || !at[n]))
            return true;
    }
    return false;
}

struct search {
    struct cgroup_root *root;
    struct error *err;
    bool memory, pids, cpu, cpuacct;
};

static int take_mount(void *context, const char *point, const char *type, const char *options)
{
    struct search *s = context;
    struct hierarchy h = {.dir = -1};
    if (strcmp(type, "cgroup") || s->root->count == CONTROLLERS_MOST)
        return 0;
    h.memory = !s->memory && has_option(options, "memory");
    h.pids = !s->pids && has_option(options, "pids");
    h.cpu = !s->cpu && has_option(options, "cpu");
    h.cpuacct = !s->cpuacct && has_option(options, "cpuacct");
    if (!h.memory && !h.pids && !h.cpu && !h.cpuacct)
        return 0;
    int r = hierarchy_open_slot(&h, point, "", s->root->slot, s->err);
    if (r < 0)
        return r;
    s->memory |= h.memory;
    s->pids |= h.pids;
    s->cpu |= h.cpu;
    s->cpuacct |= h.cpuacct;
    s->root->hierarchies[s->root->count++] = h;
    return 0;
}

/* What the groups of runs inherit from the slot's folder. */
static int prepare_slot(struct cgroup_root *root, struct error *err)
{
    for (size_t i = 0; i < root->count; i++) {
        if (!root->hierarchies[i].memory)
            continue;
        /* Hierarchical accounting has been the only kind since Linux 5.11. */
        (void)text_write_at(root->hierarchies[i].dir, "memory.use_hierarchy", "1");
        int r = text_write_at(root->hierarchies[i].dir, "memory.swappiness", "0");
        if (r < 0)
            return error_set(err, -r, "set memory.swappiness: %m");
    }
    return 0;
}

static int open_v1(struct cgroup_root *root, struct error *err)
{
    struct search s = {.root = root, .err = err};
    int r = cgroup_mounts(take_mount, &s);
    if (r < 0)
        return err && err->code ? -err->code : error_set(err, -r, "read /proc/self/mounts: %m");
    if (!s.memory || !s.pids || !s.cpu || !s.cpuacct)
        return error_set(err, ENOTSUP,
                         "no hierarchy for%s%s%s%s is mounted; boot with cgroup v2 (systemd's standard)",
                         s.memory ? "" : " memory", s.pids ? "" : " pids", s.cpu ? "" : " cpu",
                         s.cpuacct ? "" : " cpuacct");
    return prepare_slot(root, err);
}

static int write_in(const struct cgroup *g, size_t hierarchy, const char *file, uint64_t value)
{
    char path[GROUP_PATH_MOST];
    return number_write_at(g->root->hierarchies[hierarchy].dir, group_path(g, file, path), value);
}

static void read_in(const struct cgroup *g, size_t hierarchy, const char *file, uint64_t *value)
{
    char path[GROUP_PATH_MOST];
    (void)read_number_at(g->root->hierarchies[hierarchy].dir, group_path(g, file, path), value);
}

static int open_in(const struct cgroup *g, size_t hierarchy, const char *file, int flags)
{
    char path[GROUP_PATH_MOST];
    return openat(g->root->hierarchies[hierarchy].dir, group_path(g, file, path), flags | O_CLOEXEC);
}

static int set_memory(struct cgroup *g, size_t i, uint64_t bytes, struct error *err)
{
    /* With swap accounting memory.memsw bounds both together and may never be below memory: when the limit
     * grows it must grow first, when it shrinks last. A fresh group has none. */
    bool grows = g->memory_limit && bytes > g->memory_limit;
    if (grows)
        (void)write_in(g, i, "memory.memsw.limit_in_bytes", bytes);
    int r = write_in(g, i, "memory.limit_in_bytes", bytes);
    if (r < 0)
        return error_set(err, -r, "set memory.limit_in_bytes to %llu: %m", (unsigned long long)bytes);
    if (!grows)
        (void)write_in(g, i, "memory.memsw.limit_in_bytes", bytes);
    g->memory_limit = bytes;
    return 0;
}

static int set_cpu(struct cgroup *g, size_t i, uint32_t percent, struct error *err)
{
    int r = percent ? write_in(g, i, "cpu.cfs_quota_us", percent * 1000u) : 0; /* of the standard 100 ms */
    return r < 0 ? error_set(err, -r, "set cpu.cfs_quota_us: %m") : 0;
}

static int set_limits_v1(struct cgroup *g, const struct cgroup_limits *l, bool fresh, struct error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < g->count; i++) {
        const struct hierarchy *h = &g->root->hierarchies[i];
        if (h->memory)
            r = set_memory(g, i, l->memory_bytes, err);
        if (r == 0 && h->pids && (r = write_in(g, i, "pids.max", l->processes)) < 0)
            r = error_set(err, -r, "set pids.max: %m");
        if (r == 0 && h->cpu && fresh)
            r = set_cpu(g, i, l->cpu_percent, err);
    }
    return r;
}

/* v1 kills one task of the group and leaves the others; the executor hears of it here and kills the rest. */
static int watch_oom(struct cgroup *g, size_t i, struct error *err)
{
    cleanup_fd int control = open_in(g, i, "memory.oom_control", O_RDONLY);
    cleanup_fd int events = open_in(g, i, "cgroup.event_control", O_WRONLY);
    g->oom = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (control < 0 || events < 0 || g->oom < 0)
        return error_set(err, errno, "watch memory.oom_control: %m");
    char order[32];
    int n = snprintf(order, sizeof order, "%d %d", g->oom, control);
    if (write(events, order, (size_t)n) != n)
        return error_set(err, errno, "watch memory.oom_control: cgroup.event_control: %m");
    return 0;
}

static int prepare_v1(struct cgroup *g, struct error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < g->count; i++) {
        g->enter[i] = open_in(g, i, "tasks", O_WRONLY);
        if (g->enter[i] < 0)
            r = error_set(err, errno, "open tasks: %m");
        else if (g->root->hierarchies[i].memory)
            r = watch_oom(g, i, err);
    }
    return r;
}

/* The file is read only when the kernel has told of it. */
static bool oom_killed(const struct cgroup *g, size_t i)
{
    char path[GROUP_PATH_MOST];
    struct pollfd told = {g->oom, POLLIN, 0};
    return poll(&told, 1, 0) > 0 && keyed_read_at(g->root->hierarchies[i].dir,
                                                  group_path(g, "memory.oom_control", path), "oom_kill") > 0;
}

static void usage_v1(struct cgroup *g, unsigned wanted, struct cgroup_usage *u)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct hierarchy *h = &g->root->hierarchies[i];
        if (h->memory && (wanted & USAGE_MEMORY))
            read_in(g, i, "memory.usage_in_bytes", &u->memory_bytes);
        if (h->memory && (wanted & USAGE_MEMORY_PEAK))
            read_in(g, i, "memory.max_usage_in_bytes", &u->memory_peak_bytes);
        if (h->memory && (wanted & USAGE_OOM))
            u->oom_killed = oom_killed(g, i);
        if (h->pids && (wanted & USAGE_PROCESSES_PEAK))
            read_in(g, i, "pids.peak", &u->processes_peak); /* Linux 6.1 */
        if (h->pids &&
            ((wanted & USAGE_PROCESSES) || ((wanted & USAGE_PROCESSES_PEAK) && u->processes_peak == 0)))
            read_in(g, i, "pids.current", &u->processes);
        if (h->cpuacct && (wanted & USAGE_CPU))
            read_in(g, i, "cpuacct.usage", &u->cpu_ns);
    }
    if (u->processes_peak < u->processes)
        u->processes_peak = u->processes;
}

static void reset_peaks_v1(struct cgroup *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->root->hierarchies[i].memory)
            (void)write_in(g, i, "memory.max_usage_in_bytes", 0);
}

const struct cgroup_operations cgroup_v1 = {open_v1, set_limits_v1, prepare_v1, usage_v1, reset_peaks_v1};
