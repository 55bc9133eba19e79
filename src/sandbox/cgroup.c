/* Wall 6: control groups. What both versions share: the folders phial/eSLOT/rN, the choice of a version,
 * clean-up. Groups are found and removed through descriptors, so a changed mount table cannot lead us
 * elsewhere. */
#include "sandbox/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

static const struct cgroup_operations *operations(const struct cgroup_root *root)
{
    return root->version == CGROUP_V2 ? &cgroup_v2 : &cgroup_v1;
}

int text_write_at(int dir, const char *file, const char *text)
{
    return write_file_at(dir, file, text, NULL);
}

int number_write_at(int dir, const char *file, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    cleanup_fd int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);
    return fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

uint64_t keyed_read_at(int dir, const char *file, const char *key)
{
    char text[4096];
    cleanup_fd int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (k <= 0)
        return 0;
    text[k] = 0;
    size_t n = strlen(key);
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!strncmp(line, key, n) && line[n] == ' ')
            return strtoull(line + n + 1, NULL, 10);
        if (!*line)
            break;
    }
    return 0;
}

int cgroup_mounts(int (*found)(void *, const char *, const char *, const char *), void *context)
{
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    if (!mounts)
        return -errno;
    struct mntent entry;
    char text[4096];
    int r = 0;
    while (r == 0 && getmntent_r(mounts, &entry, text, sizeof text))
        if (!strcmp(entry.mnt_type, "cgroup") || !strcmp(entry.mnt_type, "cgroup2"))
            r = found(context, entry.mnt_dir, entry.mnt_type, entry.mnt_opts);
    endmntent(mounts);
    return r;
}

static int make_folder(const char *path, struct error *err)
{
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make cgroup %s: %m", path);
    return 0;
}

int hierarchy_open_slot(struct hierarchy *h, const char *mount, const char *inside, unsigned slot,
                        struct error *err)
{
    snprintf(h->path, sizeof h->path, "%s%s/phial", mount, inside);
    int r = make_folder(h->path, err);
    if (r < 0)
        return r;
    size_t n = strlen(h->path);
    snprintf(h->path + n, sizeof h->path - n, "/e%u", slot);
    if ((r = make_folder(h->path, err)) < 0)
        return r;
    h->dir = open(h->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (h->dir < 0)
        return error_set(err, errno, "open %s: %m", h->path);
    /* Clearing a folder kills what is in it, so it must be nobody else's: the lock lives as long as we do. */
    if (flock(h->dir, LOCK_EX | LOCK_NB) < 0)
        return error_set(err, errno == EWOULDBLOCK ? EBUSY : errno, "lock %s, another executor's: %m",
                         h->path);
    return 0;
}

static void kill_listed(int dir)
{
    if (text_write_at(dir, "cgroup.kill", "1") == 0) /* v2, Linux 5.14 */
        return;
    cleanup_fd int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *list = fd < 0 ? NULL : fdopen(dup(fd), "re");
    if (!list)
        return;
    long pid;
    /* The group holds nothing but what a run started, so a number that is in it may be killed. */
    while (fscanf(list, "%ld", &pid) == 1)
        if (pid > 0)
            kill((pid_t)pid, SIGKILL);
    fclose(list);
}

static int remove_group(int dir, const char *name, unsigned deadline_ms)
{
    for (unsigned ms = 0;; ms++) {
        if (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
            return 0;
        if (errno != EBUSY || ms >= deadline_ms)
            return -errno;
        cleanup_fd int group = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (group >= 0)
            kill_listed(group);
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
}

int slot_clear(int dir, unsigned deadline_ms)
{
    int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    if (!folder)
        return -errno;
    int removed = 0, r = 0;
    for (struct dirent *e; (e = readdir(folder));) {
        if (e->d_type != DT_DIR || e->d_name[0] == '.')
            continue;
        r = remove_group(dir, e->d_name, deadline_ms);
        if (r < 0)
            break;
        removed++;
    }
    closedir(folder);
    return r < 0 ? r : removed;
}

static int root_try(struct cgroup_root **root, enum cgroup_version version, unsigned slot, struct error *err)
{
    struct cgroup_root *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return error_set(err, ENOMEM, "cgroup: %m");
    fresh->version = version;
    fresh->slot = slot;
    for (size_t i = 0; i < CONTROLLERS_MOST; i++)
        fresh->hierarchies[i].dir = -1;
    int r = operations(fresh)->open(fresh, err);
    if (r < 0) {
        for (size_t i = 0; i < CONTROLLERS_MOST; i++)
            close_fd(&fresh->hierarchies[i].dir);
        free(fresh);
        return r;
    }
    *root = fresh;
    return 0;
}

static int root_find(struct cgroup_root **root, unsigned slot, struct error *err)
{
    struct error second = {0};
    if (root_try(root, CGROUP_V2, slot, err) == 0)
        return 0;
    if (root_try(root, CGROUP_V1, slot, &second) == 0)
        return 0;
    return error_set(err, ENOTSUP, "control groups: v2: %.400s; v1: %.400s", err ? err->text : "",
                     second.text);
}

int cgroup_root_open(struct cgroup_root **root, unsigned slot, struct error *err)
{
    int r = root_find(root, slot, err);
    for (size_t i = 0; r >= 0 && i < (*root)->count; i++)
        if ((r = slot_clear((*root)->hierarchies[i].dir, 2000)) < 0) {
            error_set(err, -r, "clear %s of an earlier executor's groups: %m", (*root)->hierarchies[i].path);
            cgroup_root_close(*root);
            *root = NULL;
        }
    return r < 0 ? r : 0;
}

void cgroup_root_close(struct cgroup_root *root)
{
    if (!root)
        return;
    for (size_t i = 0; i < root->count; i++) {
        slot_clear(root->hierarchies[i].dir, 100);
        close_fd(&root->hierarchies[i].dir);
        rmdir(root->hierarchies[i].path);
    }
    free(root);
}

int cgroup_sweep(unsigned slot, struct error *err)
{
    struct cgroup_root *root = NULL;
    int r = root_find(&root, slot, err), removed = 0;
    for (size_t i = 0; r >= 0 && i < root->count; i++)
        if ((r = slot_clear(root->hierarchies[i].dir, 2000)) > removed)
            removed = r;
    cgroup_root_close(root);
    return r < 0 ? r : removed;
}

enum cgroup_version cgroup_root_version(const struct cgroup_root *root)
{
    return root->version;
}

uint64_t cgroup_root_memory(const struct cgroup_root *root)
{
    uint64_t bytes = 0;
    const char *file = root->version == CGROUP_V2 ? "memory.current" : "memory.usage_in_bytes";
    for (size_t i = 0; i < root->count; i++)
        if (root->hierarchies[i].memory)
            read_number_at(root->hierarchies[i].dir, file, &bytes);
    return bytes;
}

const char *group_path(const struct cgroup *g, const char *file, char path[static GROUP_PATH_MOST])
{
    snprintf(path, GROUP_PATH_MOST, "%s/%s", g->name, file);
    return path;
}

static void link_live(struct cgroup *g)
{
    g->after = g->root->live;
    if (g->after)
        g->after->before = g;
    g->root->live = g;
}

static void unlink_live(struct cgroup *g)
{
    if (g->before)
        g->before->after = g->after;
    else if (g->root->live == g)
        g->root->live = g->after;
    if (g->after)
        g->after->before = g->before;
    g->before = g->after = NULL;
}

int cgroup_make(struct cgroup_root *root, const struct cgroup_limits *limits, struct cgroup **group,
                struct error *err)
{
    struct cgroup *g = calloc(1, sizeof *g);
    if (!g)
        return error_set(err, ENOMEM, "cgroup: %m");
    g->root = root;
    g->oom = g->peak = g->dir = -1;
    for (size_t i = 0; i < CONTROLLERS_MOST; i++)
        g->enter[i] = -1;
    snprintf(g->name, sizeof g->name, "r%llu", (unsigned long long)root->next++);
    int r = 0;
    for (; r == 0 && g->count < root->count; g->count++) {
        int dir = root->hierarchies[g->count].dir;
        if (mkdirat(dir, g->name, 0755) < 0)
            r = error_set(err, errno, "make cgroup %s/%s: %m", root->hierarchies[g->count].path, g->name);
    }
    if (r == 0 && root->version == CGROUP_V2) {
        g->dir = openat(root->hierarchies[0].dir, g->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (g->dir < 0)
            r = error_set(err, errno, "open cgroup %s/%s: %m", root->hierarchies[0].path, g->name);
    }
    if (r == 0)
        r = operations(root)->set_limits(g, limits, true, err);
    if (r == 0)
        r = operations(root)->prepare(g, err);
    if (r < 0) {
        cgroup_remove(g);
        cgroup_free(g);
        return r;
    }
    link_live(g);
    *group = g;
    return 0;
}

int cgroup_set_limits(struct cgroup *g, const struct cgroup_limits *limits, struct error *err)
{
    return operations(g->root)->set_limits(g, limits, false, err);
}

static void above_floor(const struct cgroup *g, struct cgroup_usage *u)
{
    if (u->processes_peak <= g->processes_floor)
        u->processes_peak = u->processes;
}

void cgroup_usage_of(struct cgroup *g, unsigned wanted, struct cgroup_usage *u)
{
    *u = (struct cgroup_usage){0};
    if ((wanted & USAGE_PROCESSES_PEAK) && g->processes_floor > 0)
        wanted |= USAGE_PROCESSES;
    operations(g->root)->usage(g, wanted, u);
    above_floor(g, u);
}

/* Memory's own peak is not asked for: it begins anew with what is used now. */
void cgroup_usage_anew(struct cgroup *g, struct cgroup_usage *u)
{
    *u = (struct cgroup_usage){0};
    operations(g->root)->usage(g, USAGE_CPU | USAGE_MEMORY | USAGE_PROCESSES | USAGE_PROCESSES_PEAK, u);
    operations(g->root)->reset_peaks(g);
    u->memory_peak_bytes = u->memory_bytes;
    uint64_t floor = u->processes_peak > u->processes ? u->processes_peak : 0;
    above_floor(g, u);
    g->processes_floor = floor;
}

ssize_t cgroup_tasks(const struct cgroup *g, pid_t *tasks, size_t most)
{
    const struct cgroup_root *root = g->root;
    char text[4096], path[GROUP_PATH_MOST];
    size_t n = 0, i = 0;
    while (i + 1 < g->count && !root->hierarchies[i].pids)
        i++;
    const char *file = root->version == CGROUP_V2 ? "cgroup.threads" : "tasks";
    cleanup_fd int fd = openat(root->hierarchies[i].dir, group_path(g, file, path), O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -errno : read_all(fd, text, sizeof text - 1);
    if (k < 0)
        return k;
    if ((size_t)k == sizeof text - 1)
        return -E2BIG;
    text[k] = 0;
    for (char *at = text, *end; *at; at = end + (*end == '\n')) {
        long number = strtol(at, &end, 10);
        if (end == at || n == most)
            return end == at ? -EIO : -E2BIG;
        tasks[n++] = (pid_t)number;
    }
    return (ssize_t)n;
}

int cgroup_remove(struct cgroup *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (unlinkat(g->root->hierarchies[i].dir, g->name, AT_REMOVEDIR) < 0 && errno != ENOENT)
            return -errno;
    return 0;
}

void cgroup_close_entrance(struct cgroup *g)
{
    for (size_t i = 0; i < CONTROLLERS_MOST; i++)
        close_fd(&g->enter[i]);
}

void cgroup_free(struct cgroup *g)
{
    if (!g)
        return;
    unlink_live(g);
    cgroup_close_entrance(g);
    close_fd(&g->dir);
    close_fd(&g->oom);
    close_fd(&g->peak);
    free(g);
}
