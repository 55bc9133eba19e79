/* Inside the sandbox room: one cgroup behind two versions of the kernel's interface. */
#ifndef PHIAL_SANDBOX_CGROUP_H
#define PHIAL_SANDBOX_CGROUP_H

#include "sandbox/sandbox.h"

enum { CONTROLLERS_MOST = 4 };

/* v1 has one hierarchy per controller, mounted alone or together (cpu,cpuacct); v2 one for all. */
struct hierarchy {
    int dir;        /* the slot's folder in it */
    char path[256]; /* the same as a path, for removal */
    bool memory, pids, cpu, cpuacct;
};
struct cgroup_root {
    enum cgroup_version version;
    unsigned slot;
    size_t count;
    struct hierarchy hierarchies[CONTROLLERS_MOST];
    uint64_t next;
    struct cgroup *live; /* groups that are not removed yet */
};
struct cgroup {
    struct cgroup_root *root;
    struct cgroup *before, *after; /* in root->live */
    char name[24];
    int dir; /* v2: its folder. v1 has four, and names them below the slot's each time (group_path()) */
    int enter[CONTROLLERS_MOST]; /* what a process needs to join: v1 `tasks`, v2 the folder; owned */
    size_t count;
    int oom;                  /* v1: eventfd */
    int peak;                 /* v2: memory.peak, reset by us */
    uint64_t memory_limit;    /* v1: which of two bounds must move first depends on it */
    uint64_t processes_floor; /* pids.peak when peaks were reset: below it, the kernel cannot say */
};

struct cgroup_operations {
    int (*open)(struct cgroup_root *root, struct error *err);
    int (*set_limits)(struct cgroup *g, const struct cgroup_limits *l, bool fresh, struct error *err);
    int (*prepare)(struct cgroup *g, struct error *err); /* after the folders are made */
    /* Reads what is asked for (enum cgroup_wanted); more does no harm. */
    void (*usage)(struct cgroup *g, unsigned wanted, struct cgroup_usage *u);
    void (*reset_peaks)(struct cgroup *g);
};
extern const struct cgroup_operations cgroup_v1, cgroup_v2;

int cgroup_make(struct cgroup_root *root, const struct cgroup_limits *limits, struct cgroup **group,
                struct error *err);
int cgroup_set_limits(struct cgroup *g, const struct cgroup_limits *limits, struct error *err);
void cgroup_usage_of(struct cgroup *g, unsigned wanted, struct cgroup_usage *u);
void cgroup_usage_anew(struct cgroup *g, struct cgroup_usage *u);
/* The numbers of all tasks in the group, processes and threads, in the namespace of the caller. Their count,
 * or -errno; -E2BIG when there are more than `most`. */
ssize_t cgroup_tasks(const struct cgroup *g, pid_t *tasks, size_t most);
/* 0, or -EBUSY while a task is still in it. */
int cgroup_remove(struct cgroup *g);
void cgroup_free(struct cgroup *g);
/* v2: lets T's root put its children into the groups of this slot, and puts the ground into a leaf of its
 * own. */
int cgroup_root_delegate(struct cgroup_root *root, uid_t owner, struct error *err);
int cgroup_own(struct cgroup *g, uid_t owner);
/* No process will join it through us any more. */
void cgroup_close_entrance(struct cgroup *g);

/* Shared by both versions. */
enum { GROUP_PATH_MOST = 64 };
/* The path of the group's file below the slot's folder. */
const char *group_path(const struct cgroup *g, const char *file, char path[static GROUP_PATH_MOST]);
int hierarchy_open_slot(struct hierarchy *h, const char *mount, const char *inside, unsigned slot,
                        struct error *err);
int number_write_at(int dir, const char *file, uint64_t value);
int text_write_at(int dir, const char *file, const char *text);
/* The number behind `key` in a flat keyed file; 0 when it is not there. */
uint64_t keyed_read_at(int dir, const char *file, const char *key);
/* Kills and removes every group in a slot's folder; the count, or -errno. */
int slot_clear(int dir, unsigned deadline_ms);
/* Calls `found` for each cgroup mount; stops when it returns non-zero, and returns that. */
int cgroup_mounts(int (*found)(void *context, const char *point, const char *type, const char *options),
                  void *context);

#endif
