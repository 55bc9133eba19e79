/* cgroup v2: Documentation/admin-guide/cgroup-v2.rst of the kernel. Under a service manager that delegated
 * our group to us (user.delegate, set by systemd for Delegate=) the runs live below that; else below the
 * root. */
#include "sandbox/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static int take_mount(void *context, const char *point, const char *type, const char *options)
{
    (void)options;
    if (strcmp(type, "cgroup2"))
        return 0;
    snprintf(context, 256, "%s", point);
    return 1;
}

static bool has_word(int dir, const char *file, const char *word)
{
    cleanup_free char *text = NULL;
    if (read_file_at(dir, file, 4096, &text, NULL, NULL) < 0)
        return false;
    for (char *at = strtok(text, " \n"); at; at = strtok(NULL, " \n"))
        if (!strcmp(at, word))
            return true;
    return false;
}

static const char *const controllers[] = {"memory", "pids", "cpu"};

static int have_controllers(int dir, const char *path, struct error *err)
{
    for (size_t i = 0; i < array_length(controllers); i++)
        if (!has_word(dir, "cgroup.controllers", controllers[i]))
            return error_set(err, ENOTSUP, "%s has no %s controller", path, controllers[i]);
    return 0;
}

static int enable_controllers(int dir, const char *path, struct error *err)
{
    for (size_t i = 0; i < array_length(controllers); i++) {
        char text[16];
        snprintf(text, sizeof text, "+%s", controllers[i]);
        if (has_word(dir, "cgroup.subtree_control", controllers[i]))
            continue;
        int r = text_write_at(dir, "cgroup.subtree_control", text);
        if (r < 0)
            return error_set(err, -r, "enable %s in %s/cgroup.subtree_control: %m", controllers[i], path);
    }
    return 0;
}

/* Our own group, as a path below the mount: the line "0::/..." of cgroups(7). Inside an executor that is
 * already in the `main` leaf it is the parent of that. */
static void own_group(char *path, size_t size)
{
    cleanup_free char *text = NULL;
    *path = 0;
    if (read_file_at(AT_FDCWD, "/proc/self/cgroup", 16384, &text, NULL, NULL) < 0)
        return;
    char *line = strncmp(text, "0::", 3) ? strstr(text, "\n0::") : text;
    if (!line)
        return;
    line += *line == '\n';
    line[strcspn(line, "\n")] = 0;
    snprintf(path, size, "%s", line + 3);
    char *last = strrchr(path, '/');
    if (last && !strcmp(last, "/main"))
        *last = 0;
    if (!strcmp(path, "/"))
        *path = 0;
}

static bool delegated(const char *path)
{
    char value[8] = "";
    return (getxattr(path, "user.delegate", value, sizeof value - 1) > 0 ||
            getxattr(path, "trusted.delegate", value, sizeof value - 1) > 0) &&
           value[0] == '1';
}

/* A group that has processes cannot have controllers for its children ("no internal processes"), so what is
 * in it (the supervisor, we) moves to a leaf. */
static int move_to_leaf(int dir, const char *path, struct error *err)
{
    if (mkdirat(dir, "main", 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make %s/main: %m", path);
    for (int turn = 0; turn < 100; turn++) {
        cleanup_free char *text = NULL;
        int r = read_file_at(dir, "cgroup.procs", 1 << 20, &text, NULL, err);
        if (r < 0)
            return r;
        if (!*text)
            return 0;
        for (char *pid = strtok(text, "\n"); pid; pid = strtok(NULL, "\n")) {
            r = text_write_at(dir, "main/cgroup.procs", pid);
            if (r < 0 && r != -ESRCH)
                return error_set(err, -r, "move process %s to %s/main: %m", pid, path);
        }
    }
    return error_set(err, EBUSY, "empty %s: %m", path);
}

static int open_v2(struct cgroup_root *root, struct error *err)
{
    char mount[256] = "", inside[512], path[768];
    if (cgroup_mounts(take_mount, mount) != 1)
        return error_set(err, ENOTSUP, "no cgroup2 is mounted");
    own_group(inside, sizeof inside);
    snprintf(path, sizeof path, "%s%s", mount, inside);
    bool ours = *inside && delegated(path);
    if (!ours) {
        *inside = 0;
        snprintf(path, sizeof path, "%s", mount);
    }
    cleanup_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return error_set(err, errno, "open %s: %m", path);
    int r = have_controllers(dir, path, err);
    if (r == 0)
        r = enable_controllers(dir, path, err);
    struct hierarchy *h = &root->hierarchies[0];
    if (r == 0)
        r = hierarchy_open_slot(h, mount, inside, root->slot, err);
    if (r < 0)
        return r;
    root->count = 1;
    h->memory = h->pids = h->cpu = h->cpuacct = true;
    cleanup_fd int phial = openat(h->dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    r = enable_controllers(phial, "phial", err);
    return r < 0 ? r : enable_controllers(h->dir, h->path, err);
}

int cgroup_leave_root(struct error *err)
{
    char mount[256] = "", inside[512], path[768];
    if (cgroup_mounts(take_mount, mount) != 1)
        return 0;
    own_group(inside, sizeof inside);
    snprintf(path, sizeof path, "%s%s", mount, inside);
    if (!*inside || !delegated(path))
        return 0;
    cleanup_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir < 0 ? error_set(err, errno, "open %s: %m", path) : move_to_leaf(dir, path, err);
}

static int set_limits_v2(struct cgroup *g, const struct cgroup_limits *l, bool fresh, struct error *err)
{
    int dir = g->dir, r = number_write_at(dir, "memory.max", l->memory_bytes);
    if (r < 0)
        return error_set(err, -r, "set memory.max to %llu: %m", (unsigned long long)l->memory_bytes);
    if ((r = number_write_at(dir, "pids.max", l->processes)) < 0)
        return error_set(err, -r, "set pids.max: %m");
    if (!fresh)
        return 0;
    r = text_write_at(dir, "memory.swap.max", "0");
    if (r < 0 && r != -ENOENT) /* no file: the kernel was built or booted without swap */
        return error_set(err, -r, "set memory.swap.max: %m");
    if ((r = text_write_at(dir, "memory.oom.group", "1")) < 0)
        return error_set(err, -r, "set memory.oom.group: %m");
    char quota[32];
    snprintf(quota, sizeof quota, "%u 100000", l->cpu_percent * 1000);
    if (l->cpu_percent && (r = text_write_at(dir, "cpu.max", quota)) < 0)
        return error_set(err, -r, "set cpu.max: %m");
    return 0;
}

static int prepare_v2(struct cgroup *g, struct error *err)
{
    g->enter[0] = openat(g->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return g->enter[0] < 0 ? error_set(err, errno, "open group: %m") : 0;
}

static uint64_t read_peak(const struct cgroup *g)
{
    char text[32] = "";
    uint64_t bytes = 0;
    if (g->peak >= 0)
        return pread(g->peak, text, sizeof text - 1, 0) > 0 ? strtoull(text, NULL, 10) : 0;
    read_number_at(g->dir, "memory.peak", &bytes); /* Linux 5.19 */
    return bytes;
}

static void usage_v2(struct cgroup *g, unsigned wanted, struct cgroup_usage *u)
{
    if (wanted & USAGE_CPU)
        u->cpu_ns = keyed_read_at(g->dir, "cpu.stat", "usage_usec") * 1000;
    if (wanted & USAGE_MEMORY_PEAK)
        u->memory_peak_bytes = read_peak(g);
    if ((wanted & USAGE_MEMORY) || ((wanted & USAGE_MEMORY_PEAK) && u->memory_peak_bytes == 0))
        (void)read_number_at(g->dir, "memory.current", &u->memory_bytes);
    if (u->memory_peak_bytes < u->memory_bytes)
        u->memory_peak_bytes = u->memory_bytes;
    if (wanted & USAGE_OOM)
        u->oom_killed = keyed_read_at(g->dir, "memory.events", "oom_kill") > 0;
    if (wanted & USAGE_PROCESSES_PEAK)
        (void)read_number_at(g->dir, "pids.peak", &u->processes_peak); /* Linux 6.1 */
    if ((wanted & USAGE_PROCESSES) || ((wanted & USAGE_PROCESSES_PEAK) && u->processes_peak == 0))
        (void)read_number_at(g->dir, "pids.current", &u->processes);
    if (u->processes_peak < u->processes)
        u->processes_peak = u->processes;
}

/* Since Linux 6.12 a write starts memory.peak anew, for readers through the same open file only. */
static void reset_peaks_v2(struct cgroup *g)
{
    close_fd(&g->peak);
    g->peak = openat(g->dir, "memory.peak", O_RDWR | O_CLOEXEC);
    if (g->peak >= 0 && write(g->peak, "reset", 5) < 0)
        close_fd(&g->peak);
}

const struct cgroup_operations cgroup_v2 = {open_v2, set_limits_v2, prepare_v2, usage_v2, reset_peaks_v2};

/* clone3 with CLONE_INTO_CGROUP asks whether the caller may write cgroup.procs of the new group and of the
 * common ancestor (kernel/cgroup/cgroup.c, cgroup_css_set_fork). The caller is T's root, so these two are its
 * own. */
int cgroup_root_delegate(struct cgroup_root *root, uid_t owner, struct error *err)
{
    if (root->version != CGROUP_V2)
        return 0;
    int dir = root->hierarchies[0].dir;
    if (fchownat(dir, "cgroup.procs", owner, owner, 0) < 0)
        return error_set(err, errno, "give cgroup.procs to T: %m");
    if (mkdirat(dir, "ground", 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make the ground's group: %m");
    return 0;
}

int cgroup_own(struct cgroup *g, uid_t owner)
{
    if (g->root->version != CGROUP_V2)
        return 0;
    return fchownat(g->dir, "cgroup.procs", owner, owner, 0) < 0 ? -errno : 0;
}
