/* What a run leaves on the host, if it leaves anything. */
#include "cli/attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <sys/stat.h>

enum { PROCESSES_MOST = 65536, NAMESPACES_MOST = 4096, UIDS_OF_A_SLOT = 65536 };

/* The processes of the host as one look found them. */
struct look {
    struct {
        int pid, parent;
        bool ours;
    } items[PROCESSES_MOST];
    size_t count;
    ino_t namespaces[NAMESPACES_MOST];
    size_t namespace_count;
};

static bool is_number(const char *name)
{
    return *name && name[strspn(name, "0123456789")] == 0;
}

/* The parent is the second field behind the name, which stands in parentheses and may hold anything. */
static int parent_of(int proc, const char *pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "%s/stat", pid);
    cleanup_fd int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read_all(fd, text, sizeof text - 1);
    if (n <= 0)
        return -1;
    text[n] = 0;
    char *end = strrchr(text, ')');
    int parent;
    return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : -1;
}

static uid_t owner_of(int proc, const char *pid)
{
    struct stat st;
    return fstatat(proc, pid, &st, 0) == 0 ? st.st_uid : 0;
}

static bool in_block(uid_t uid, uid_t first)
{
    return uid >= first && uid - first < UIDS_OF_A_SLOT;
}

/* The executor, all below it, and whoever has one of the slot's uids. */
static void find_processes(struct look *l, int proc, pid_t executor, uid_t first)
{
    DIR *folder = fdopendir(dup(proc));
    if (!folder)
        return;
    rewinddir(folder);
    for (struct dirent *entry; l->count < PROCESSES_MOST && (entry = readdir(folder));)
        if (is_number(entry->d_name)) {
            l->items[l->count].pid = (int)strtol(entry->d_name, NULL, 10);
            l->items[l->count].parent = parent_of(proc, entry->d_name);
            l->items[l->count].ours =
                l->items[l->count].pid == executor || in_block(owner_of(proc, entry->d_name), first);
            l->count++;
        }
    closedir(folder);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < l->count; i++)
            for (size_t k = 0; !l->items[i].ours && k < l->count; k++)
                if (l->items[k].ours && l->items[k].pid == l->items[i].parent)
                    more = l->items[i].ours = true;
    }
}

static size_t count_entries(int proc, int pid, const char *what)
{
    char path[64];
    snprintf(path, sizeof path, "%d/%s", pid, what);
    int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    size_t n = 0;
    while (folder && readdir(folder))
        n++;
    if (folder)
        closedir(folder);
    return n;
}

static void add_namespaces(struct look *l, int proc, int pid)
{
    static const char *const kinds[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"};
    for (size_t i = 0; i < array_length(kinds); i++) {
        char path[64];
        struct stat st;
        snprintf(path, sizeof path, "%d/ns/%s", pid, kinds[i]);
        if (fstatat(proc, path, &st, 0) < 0)
            continue;
        size_t k = 0;
        while (k < l->namespace_count && l->namespaces[k] != st.st_ino)
            k++;
        if (k == l->namespace_count && k < NAMESPACES_MOST)
            l->namespaces[l->namespace_count++] = st.st_ino;
    }
}

/* The mounts that a process sees, all or those below `folder`: others on this host may mount meanwhile too.
 */
static size_t count_mounts(int proc, const char *path, const char *folder)
{
    cleanup_free char *text = NULL;
    size_t size, n = 0;
    if (read_file_at(proc, path, 16 << 20, &text, &size, NULL) < 0)
        return 0;
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));)
        n += *line && strstr(line, folder);
    return n;
}

/* Runs' groups below any folder phial/eSLOT. */
static size_t count_cgroups(unsigned slot)
{
    char wanted[32];
    char *roots[] = {"/sys/fs/cgroup", NULL};
    size_t n = 0, length = (size_t)snprintf(wanted, sizeof wanted, "/phial/e%u/", slot);
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
    for (FTSENT *entry; tree && (entry = fts_read(tree));) {
        if (entry->fts_info != FTS_D)
            continue;
        char *at = strstr(entry->fts_path, wanted);
        n += at && !strchr(at + length, '/');
    }
    if (tree)
        fts_close(tree);
    return n;
}

/* A run that could write here at all could write at the top; deeper down a look would take long. */
static size_t count_files(uid_t first)
{
    enum { LEVELS = 2 };
    char *roots[] = {"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", NULL};
    size_t n = 0;
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    for (FTSENT *entry; tree && (entry = fts_read(tree));) {
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS)
            continue;
        n += in_block(entry->fts_statp->st_uid, first);
        if (entry->fts_level == LEVELS)
            fts_set(tree, entry, FTS_SKIP);
    }
    if (tree)
        fts_close(tree);
    return n;
}

void host_look(struct host_state *state, const struct executor_process *executor,
               const struct settings *settings)
{
    static struct look l;
    uid_t first = (uid_t)(settings->uid_base + (uint64_t)executor->slot * UIDS_OF_A_SLOT);
    char path[64];
    l.count = l.namespace_count = 0;
    *state = (struct host_state){0};
    cleanup_fd int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    find_processes(&l, proc, executor->pid, first);
    for (size_t i = 0; i < l.count; i++)
        if (l.items[i].ours) {
            state->processes++;
            state->descriptors += count_entries(proc, l.items[i].pid, "fd");
            add_namespaces(&l, proc, l.items[i].pid);
        }
    state->namespaces = l.namespace_count;
    snprintf(path, sizeof path, "%d/mountinfo", executor->pid);
    state->mounts = count_mounts(proc, "self/mountinfo", settings->run_dir) + count_mounts(proc, path, "");
    state->cgroups = count_cgroups(executor->slot);
    state->files = count_files(first);
}

bool host_same(const struct host_state *before, const struct host_state *now, char *text, size_t room)
{
    const struct {
        const char *name;
        size_t before, now;
    } rows[] = {
        {"processes", before->processes, now->processes},
        {"descriptors", before->descriptors, now->descriptors},
        {"namespaces", before->namespaces, now->namespaces},
        {"mounts", before->mounts, now->mounts},
        {"cgroups", before->cgroups, now->cgroups},
        {"files", before->files, now->files},
    };
    size_t at = 0;
    *text = 0;
    for (size_t i = 0; i < array_length(rows) && at < room; i++)
        if (rows[i].now > rows[i].before)
            at += (size_t)snprintf(text + at, room - at, "%s%zu %s more than before", at ? ", " : "",
                                   rows[i].now - rows[i].before, rows[i].name);
    return at == 0;
}
