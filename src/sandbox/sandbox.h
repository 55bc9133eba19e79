/* sandbox: one sealed process tree around code that nobody trusts. The walls are a file each.
 *
 * Theory of operation. The executor (host root, init of a pid namespace of its own, in a private mount
 * namespace) starts one *ground*: a user namespace T in which a block of 65,536 uids is mapped, and in it two
 * processes of ours, T's init and the *maker*, a small static program. All images are mounted there
 * read-only. For each run the maker makes a *box*: pid, mount, net, ipc, uts and cgroup namespaces, the run's
 * cgroup, a tmpfs, a uid of the box's own, and in it a tiny init, which drops everything it has and waits. A
 * *program* of the run joins the box: the maker's child enters all its namespaces, drops every privilege,
 * installs the filter, and stops; the executor looks at it from outside, lets it go, and it execs. It is the
 * executor's own child, so its wait status comes from the kernel. When the box's init dies, the kernel kills
 * all that is in it.
 *
 *   executor --- T's init         user namespace T, pid namespace of T
 *     |--------- maker            in T; static program, so that its memory belongs to T
 *     |--------- box init         pid 1 of the box (made by the maker with CLONE_PARENT)
 *     `--------- program          in the box (made by the maker with CLONE_PARENT, after setns)
 *
 * This room knows no language, no HTTP, no event loop: it gives descriptors to watch and functions to call
 * when they are readable. It may touch: namespaces, mounts, cgroups below a folder `phial`, seccomp,
 * processes. No function here waits for code that nobody trusts.
 */
#ifndef PHIAL_SANDBOX_SANDBOX_H
#define PHIAL_SANDBOX_SANDBOX_H

#include "base/base.h"

#include <sys/resource.h>

/* ---- the filter (seccomp.c) ---- */

/* A seccomp filter as BPF, compiled once per language and kept in a sealed memfd. */
struct filter {
    int bpf;          /* sealed memfd with an array of struct sock_filter; owned */
    size_t count;     /* instructions */
    size_t reachable; /* system calls a program can reach under it, argument checks not counted */
};
/* Compiles the house's allow list with `extra` added (names of system calls, NULL-ended, may be NULL). An
 * extra name that the house forbids for all (ptrace, mount, bpf, ...) is refused: -EINVAL. */
int filter_compile(struct filter *f, const char *const *extra, struct error *err);
void filter_close(struct filter *f);

/* ---- control groups (cgroup.c, cgroup_v1.c, cgroup_v2.c) ---- */

enum cgroup_version { CGROUP_V1 = 1, CGROUP_V2 = 2 };

struct cgroup_root; /* where this executor's groups live: .../phial/eSLOT */
struct cgroup;      /* one run's group */

struct cgroup_limits {
    uint64_t memory_bytes; /* hard limit, swap off */
    uint64_t processes;    /* tasks: processes and threads */
    uint32_t cpu_percent;  /* CPU bandwidth, 100 is one CPU; 0 for no bound */
};
struct cgroup_usage {
    uint64_t cpu_ns, memory_bytes, memory_peak_bytes, processes, processes_peak;
    bool oom_killed; /* the memory limit killed something in the group */
};
/* Which of these are read; the others are 0. */
enum cgroup_wanted {
    USAGE_CPU = 1,
    USAGE_MEMORY = 2,
    USAGE_MEMORY_PEAK = 4,
    USAGE_PROCESSES = 8,
    USAGE_PROCESSES_PEAK = 16,
    USAGE_OOM = 32,
    USAGE_ALL = 63,
};
/* Finds the hierarchy (v2 when memory, pids and cpu can be used there, else v1), makes the folder for `slot`
 * and removes what an earlier executor of this slot left in it (killing what still runs there). -ENOTSUP with
 * the cure in the text when a controller is missing. */
int cgroup_root_open(struct cgroup_root **root, unsigned slot, struct error *err);
/* Under a service manager that delegated its v2 group to us: moves the processes of that group (the
 * supervisor) into a leaf, `main`, since a group with processes cannot give controllers to its children. To
 * be called once before the executor is started: from its own pid namespace it could not name them. Elsewhere
 * it does nothing. */
int cgroup_leave_root(struct error *err);
void cgroup_root_close(struct cgroup_root *root); /* removes the slot's folder */
enum cgroup_version cgroup_root_version(const struct cgroup_root *root);
/* Bytes charged to the slot's folder itself and all below it. */
uint64_t cgroup_root_memory(const struct cgroup_root *root);
/* Kills every process in every run's group of `slot` and removes the groups; for the supervisor after the
 * executor's death. Returns how many groups it removed, or -errno. */
int cgroup_sweep(unsigned slot, struct error *err);

/* ---- the ground ---- */

struct ground;

struct ground_image {
    const char *name; /* [a-z0-9-]+ */
    const char *path; /* a folder with the mounted image, in the caller's mount namespace */
};
struct ground_options {
    const struct ground_image *images;
    size_t image_count;
    unsigned slot;     /* names the cgroup folder; the caller holds the slot's lock */
    uint32_t uid_base; /* first host uid of this executor's block of 65,536, shared with no other executor */
    bool without_landlock, without_core_scheduling; /* the operator allows them to be missing */
};
/* Starts T, its init and the maker. The caller must be root and should be init of a pid namespace, with a
 * /proc of it, in a mount namespace of its own. */
int ground_start(struct ground **ground, const struct ground_options *options, struct error *err);
/* A descriptor that becomes readable when the maker or T's init has died: no further box can be made. */
int ground_watch_fd(const struct ground *ground);
/* Ends T and all that is in it. Boxes should have been reaped and freed before; the process's other children
 * that have ended may be reaped by this. */
void ground_stop(struct ground *ground);
const struct cgroup_root *ground_cgroups(const struct ground *ground);
/* Gives back memory that ended runs left charged to the slot's own group (cached names and pages of the
 * images), when it is more than `keep` bytes beyond what the live groups use. Cheap when there is nothing to
 * do. */
void ground_trim(struct ground *ground, uint64_t keep);

/* Reaps dead children of this process that no box, program or template of the ground knows: one whose maker
 * or template died before it could send the pidfd, orphans of the helpers. */
void ground_reap_strangers(struct ground *ground);
/* A sealed memfd with a program or library, which may be executed: no path leads to it, and nobody can write
 * it (CVE-2019-5736). The caller closes it. -errno. */
int sealed_program(const char *name, const void *bytes, size_t size, struct error *err);

/* ---- a box ---- */

struct box;

struct box_spec {
    const char *image;
    struct cgroup_limits cgroup;
    uint64_t disk_bytes; /* the work folder and /tmp together */
    uint64_t disk_files; /* inodes of both together */
};

/* Asks for a box; returns at once. Watch box_fd() and call box_step() when it is readable until box_state()
 * says BOX_READY. A box can be made ahead of need. */
int box_make(struct ground *ground, const struct box_spec *spec, struct box **box, struct error *err);

enum box_state { BOX_MAKING, BOX_READY, BOX_DEAD };
int box_fd(const struct box *box);
/* Takes one message from the box; -errno with the step that failed when the box could not be made. */
int box_step(struct box *box, struct error *err);
enum box_state box_state(const struct box *box);
/* A pidfd of the box's init: readable when the box has died. -1 until known. */
int box_init_fd(const struct box *box);

/* Writes a file below the work folder, from inside (the box's init does it; the host has no path there).
 * `memfd` must be sealed; `size` bytes from `offset` are taken. `name` is a checked relative path; folders on
 * the way are made. Answers come in order through box_step(); box_pending() counts those still to come.
 * -ENOSPC when the disk limit is too small for the files. */
int box_put_file(struct box *box, const char *name, unsigned mode, int memfd, uint64_t offset, uint64_t size,
                 struct error *err);
/* Kills everything in the box but its init (between a compile step and the run); answered likewise. */
int box_clear(struct box *box, struct error *err);
size_t box_pending(const struct box *box);

/* Changes the group's limits while it runs. */
int box_set_limits(struct box *box, const struct cgroup_limits *limits, struct error *err);
int box_usage(struct box *box, unsigned wanted, struct cgroup_usage *usage); /* enum cgroup_wanted */
/* The same, and starts the peaks of memory and processes anew where the kernel can. */
int box_usage_anew(struct box *box, struct cgroup_usage *usage);
/* No further program will be started in it: lets go of what that needs. */
void box_close_entrance(struct box *box);
/* A descriptor that becomes readable when the memory limit was hit, or -1 where the kernel kills the whole
 * group by itself (v2). */
int box_oom_fd(const struct box *box);

/* ---- a program in the box ---- */

struct program;

struct program_spec {
    const char *const *argv; /* argv[0] is an absolute path in the image, or relative to the work folder */
    const char *const *env;
    const int *fds; /* the program's descriptors 0, 1, 2, ...: taken in this order; the caller keeps them */
    size_t fd_count;
    const struct filter *filter;
};
/* Asks for a program in a ready box; returns at once. Watch program_fd() and call program_step(). */
int program_start(struct box *box, const struct program_spec *spec, struct program **program,
                  struct error *err);

enum program_state { PROGRAM_STARTING, PROGRAM_RUNNING, PROGRAM_FAILED };
int program_fd(const struct program *program); /* -1 once it runs */
/* Goes on: when the program stands stripped of all privileges, the executor's check from outside is made here
 * (credentials, capabilities, no_new_privs, filter, descriptors, of the program and of the box's init), and
 * it is let go or killed. -errno with the step that failed, -EPERM when the check found a difference. */
int program_step(struct program *program, struct error *err);
enum program_state program_state(const struct program *program);
/* Readable when the program has ended. */
int program_pidfd(const struct program *program);
/* Its wait status as waitid(2) gives it, once ended: 0, or -EAGAIN while it runs. It must be reaped before
 * the box's init can end: the kernel keeps init waiting until every process of its namespace is gone, zombies
 * of outside parents too (kernel/pid_namespace.c, zap_pid_ns_processes). So after box_kill() too: watch
 * program_pidfd(). */
struct program_end {
    bool signaled;
    int code; /* exit code, or signal number */
};
int program_reap(struct program *program, struct program_end *end);
/* Nanoseconds that each step took, for benches: `name` NULL at the end. Both arrays hold `most`. */
struct step_time {
    const char *name;
    uint64_t ns;
};
size_t box_step_times(const struct box *box, struct step_time *times, size_t most);
size_t program_step_times(const struct program *program, struct step_time *times, size_t most);
/* SIGKILL to this process alone. The end of the box kills it too, but only when init gets to it: this is for
 * callers that must let go of its pipes and not have it see that. */
void program_kill(struct program *program);
void program_free(struct program *program);

/* ---- a template (template.c) ---- */

/* A runtime that has booted and stands frozen, and makes programs by copying itself. It lives in T's pid
 * namespace, with a mount namespace of its own in which nothing is writable, an empty network, a uid of its
 * own, and, of all privileges, those in T that a copy needs to enter its box. It never sees a byte from a
 * user. The library that freezes and copies (src/template/engine) is loaded into it. */
struct template;

struct template_spec {
    const char *image;
    const char *const *argv;
    const char *const *env;
    const int *fds; /* the runtime's descriptors 0, 1, 2, ...; every copy gets others at the same numbers */
    size_t fd_count;
    const struct filter *filter; /* what each copy installs */
    int engine;                  /* sealed memfd with the library */
    const char *helper; /* name of the program of the one child that the runtime keeps, or NULL for none */
    struct cgroup_limits cgroup; /* while it boots; afterwards what it uses is bounded by its copies */
};
/* Asks for a template; returns at once. Watch template_fd() and call template_step() when it is readable. */
int template_start(struct ground *ground, const struct template_spec *spec, struct template **template,
                   struct error *err);

enum template_state {
    TEMPLATE_STARTING,
    TEMPLATE_BOOTING,  /* it was let go, and execs and boots; the caller decides when it has booted */
    TEMPLATE_FREEZING, /* template_freeze() was called */
    TEMPLATE_FROZEN,   /* program_clone() may be called */
    TEMPLATE_FAILED,   /* template_step() said why; also when it holds something that cannot be copied */
};
int template_fd(const struct template *template);
/* -errno with the reason, when it failed: -ENOTSUP when the runtime holds what cannot be copied. */
int template_step(struct template *template, struct error *err);
enum template_state template_state(const struct template *template);
/* Readable when the template has died, by whatever cause: kill, reap and free it then. -1 until known. */
int template_pidfd(const struct template *template);
/* Freezes a booted runtime: every thread is stopped where it stands, for good. Answered through
 * template_step(). */
int template_freeze(struct template *template, struct error *err);

struct template_facts { /* of a frozen template */
    size_t threads;     /* of each clone */
    uint64_t
        page_table_bytes;  /* of the template; a clone's copy of them is charged to the template's group */
    uint64_t memory_bytes; /* charged to its group, its clones' page tables with it */
    uint64_t freeze_us;
};
void template_facts(const struct template *template, struct template_facts *facts);

void template_kill(struct template *template);
/* Once template_pidfd() is readable, or when none is known: reaps it and removes its group. -EBUSY: try again
 * after a millisecond. Always call template_free() afterwards. Clones live on. */
int template_reap(struct template *template, struct error *err);
void template_free(struct template *template);

/* Asks for a copy of a frozen template as the program of a ready box; returns at once. From here on it is a
 * program like any other: program_fd(), program_step() with its check from outside, and so on. When it runs,
 * the runtime goes on where the template was frozen, with other descriptors in place of `fds`. A template
 * that dies in between makes it fail. */
int program_clone(struct box *box, struct template *template, const int *fds, size_t fd_count,
                  struct program **program, struct error *err);

/* What a small run touches of its memory is much the same in each clone. template_watch() notes a clone that
 * runs; when it has ended, and before it is reaped, template_learn() reads from the kernel which pages it
 * wrote or read, and every later clone touches those before it is let go: then the run does not have to. The
 * clone must have run nothing but what is in the image, or its run could tell later ones something. The count
 * of pages that each clone gets copies of, or -errno: nothing else changes then. */
int template_watch(struct template *template, const struct program *clone, struct error *err);
int template_learn(struct template *template, struct error *err);

/* ---- the end of a box ---- */

/* Kills init, and so everything in the box; returns at once. While the box is still being made the order is
 * kept and carried out in box_step(), so go on calling that until box_init_fd() is known. */
void box_kill(struct box *box);
/* Once box_init_fd() is readable: reaps init and removes the group. -EBUSY when the group still has tasks
 * (try again after a millisecond). Always call box_free() afterwards. */
int box_reap(struct box *box, struct error *err);
void box_free(struct box *box);
/* Its template died, or failed, before it could say which process the clone is: box_init_fd() may never
 * become readable before that is reaped, so go on calling box_reap(), which looks for it. */
bool box_is_lost(const struct box *box);

/* ---- what stands on this host (probe.c) ---- */

enum wall_state { WALL_STANDS, WALL_PARTLY, WALL_MISSING };
struct wall_report {
    const char *wall; /* "namespaces", "file system", ... */
    enum wall_state state;
    bool must; /* without it phial refuses to run */
    char why[256], cure[256];
};
enum { WALL_COUNT = 10 };
/* Tries each wall for real, in a child, and says what it found. Never fails; needs root for a true answer. */
void walls_probe(struct wall_report report[static WALL_COUNT]);

#endif
