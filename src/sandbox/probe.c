/* What stands on this host. The main answer is a trial: a whole box with a program in it that tries the walls
 * from inside (box/probe.c), made by a child in namespaces of its own. What only some kernels have is asked
 * besides. */
#include "sandbox/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
    TRIAL_SLOTS = 1000, /* executors take slots 0 to 63; a trial one of these above, by its process number */
    TRIAL_SLOT_FIRST = 64,
    TRIAL_UID_BASE = 2004194304, /* above the blocks of all executors */
    TRIAL_MS = 10000,
    PROBE_DESCRIPTORS = 3,
};

struct trial {
    unsigned slot;
    struct error err; /* code 0: the box was made, ran and ended */
    int wall;         /* a wall that the program inside found open: 1 to 10; 0 for none */
    bool landlock, core_scheduling;
    enum cgroup_version version;
};

static int make_image(const char *at, struct error *err)
{
    static const char *const folders[] = {"proc", "dev", "work", "tmp"};
    if (mount("phial", at, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0)
        return error_set(err, errno, "mount a tmpfs: %m");
    cleanup_fd int dir = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < array_length(folders); i++)
        if (mkdirat(dir, folders[i], 0755) < 0)
            return error_set(err, errno, "make %s: %m", folders[i]);
    cleanup_fd int file = openat(dir, "probe", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    int r = file < 0 ? -errno : write_all(file, box_helper, (size_t)(box_helper_end - box_helper));
    return r < 0 ? error_set(err, -r, "write the probe: %m") : 0;
}

static int wait_readable(int fd, const char *what, struct error *err)
{
    struct pollfd p = {fd, POLLIN, 0};
    int n = poll(&p, 1, TRIAL_MS);
    return n == 1 ? 0 : error_set(err, n < 0 ? errno : ETIMEDOUT, "%s: %m", what);
}

static int run_probe(struct box *b, struct filter *filter, struct program_end *end, struct error *err)
{
    static const char *const argv[] = {"/probe", "probe", NULL}, *const env[] = {NULL};
    cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const int fds[PROBE_DESCRIPTORS] = {null, null, null};
    struct program_spec spec = {argv, env, fds, PROBE_DESCRIPTORS, filter};
    struct program *p = NULL;
    int r = program_start(b, &spec, &p, err);
    while (r == 0 && program_state(p) == PROGRAM_STARTING)
        if ((r = wait_readable(program_fd(p), "start the probe", err)) == 0)
            r = program_step(p, err);
    if (r == 0)
        r = wait_readable(program_pidfd(p), "run the probe", err);
    if (r == 0 && (r = program_reap(p, end)) < 0)
        r = error_set(err, -r, "reap the probe: %m");
    program_free(p);
    return r;
}

static int try_box(struct ground *g, struct trial *t)
{
    struct box_spec spec = {"trial", {64 << 20, 16, 100}, 1 << 20, 64};
    struct program_end end = {0};
    struct filter filter;
    struct box *b;
    int r = filter_compile(&filter, NULL, &t->err);
    if (r < 0 || (r = box_make(g, &spec, &b, &t->err)) < 0)
        return r;
    while (r == 0 && box_state(b) == BOX_MAKING)
        if ((r = wait_readable(box_fd(b), "make a box", &t->err)) == 0)
            r = box_step(b, &t->err);
    if (r == 0)
        r = run_probe(b, &filter, &end, &t->err);
    box_kill(b);
    if (r == 0 && (r = wait_readable(box_init_fd(b), "end a box", &t->err)) == 0)
        for (int turn = 0; turn < 100 && (r = box_reap(b, &t->err)) == -EBUSY; turn++)
            poll(NULL, 0, 1);
    if (r == 0) {
        t->err.code = 0;
        t->wall = end.signaled ? 4 : end.code; /* a signal can only be the filter's */
    }
    box_free(b);
    filter_close(&filter);
    return r;
}

static void do_trial(struct trial *t)
{
    struct ground_image image = {"trial", "/mnt"};
    uint32_t uid_base = TRIAL_UID_BASE + (t->slot - TRIAL_SLOT_FIRST) * UIDS;
    struct ground_options options = {&image, 1, t->slot, uid_base, true, true};
    struct ground *g;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) {
        error_set(&t->err, errno, "mount /proc of a new pid namespace: %m");
        return;
    }
    if (make_image(image.path, &t->err) < 0 || ground_start(&g, &options, &t->err) < 0)
        return;
    t->landlock = g->order_flags & ORDER_LANDLOCK;
    t->core_scheduling = g->order_flags & ORDER_CORE_SCHEDULING;
    t->version = cgroup_root_version(g->cgroups);
    if (try_box(g, t) == 0)
        ground_stop(g);
}

/* The child is init of a pid namespace, so whatever it leaves behind ends with it. */
static void trial(struct trial *t)
{
    int pipe_[2];
    if (pipe2(pipe_, O_CLOEXEC) < 0) {
        error_set(&t->err, errno, "pipe: %m");
        return;
    }
    cleanup_fd int from = pipe_[0], to = pipe_[1];
    struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0) {
        error_set(&t->err, errno, "make a pid and a mount namespace: %m");
        return;
    }
    if (pid == 0) {
        do_trial(t);
        (void)!write(to, t, sizeof *t);
        _exit(0);
    }
    close_fd(&to);
    unsigned slot = t->slot;
    if (read_all(from, t, sizeof *t) != sizeof *t)
        error_set(&t->err, EIO, "the trial's process died");
    t->slot = slot;
    waitpid((pid_t)pid, NULL, __WALL);
    if (t->err.code)
        (void)cgroup_sweep(t->slot, NULL);
}

static bool file_has(const char *path, const char *word)
{
    cleanup_free char *text = NULL;
    return read_file_at(AT_FDCWD, path, 65536, &text, NULL, NULL) == 0 && strstr(text, word);
}

static const char *cure_for(const struct trial *t)
{
    if (geteuid() != 0)
        return "run as root";
    if (strstr(t->err.text, "clone3") && (t->err.code == ENOSPC || t->err.code == EPERM))
        return "allow user namespaces: sysctl user.max_user_namespaces=15000; in a container, give it "
               "CAP_SYS_ADMIN";
    if (strstr(t->err.text, "control groups"))
        return "boot with cgroup v2 (systemd's standard) or mount memory, pids, cpu and cpuacct";
    return "see docs/operating.md, What a host must have";
}

static void set(struct wall_report *w, enum wall_state state, const char *why, const char *cure)
{
    w->state = state;
    snprintf(w->why, sizeof w->why, "%.255s", why);
    snprintf(w->cure, sizeof w->cure, "%.255s", cure);
}

static void report_optional(struct wall_report *r, const struct trial *t)
{
    if (!t->landlock)
        set(&r[4], WALL_MISSING, "this kernel has no Landlock, or it is not in lsm=",
            "boot with landlock in the lsm= list (Linux 5.13 or later)");
    if (t->version == CGROUP_V1)
        set(&r[5], WALL_STANDS,
            "cgroup v1; the kernel kills one task at the memory limit, the executor the rest",
            "boot with cgroup v2 to have the kernel do both");
    if (!file_has("/proc/filesystems", "\terofs"))
        set(&r[1], WALL_STANDS, "no EROFS: images are folders, verified when mounted",
            "load the erofs module");
    if (!t->core_scheduling) {
        bool threads = !file_has("/sys/devices/system/cpu/smt/active", "0");
        set(&r[9], threads ? WALL_PARTLY : WALL_STANDS,
            threads ? "no core scheduling: runs may share a core's threads"
                    : "no core has more than one thread",
            threads ? "use a kernel with CONFIG_SCHED_CORE, or turn SMT off" : "");
    }
    if (file_has("/sys/kernel/mm/ksm/run", "1"))
        set(&r[9], WALL_PARTLY, "KSM merges equal pages of different processes",
            "echo 0 > /sys/kernel/mm/ksm/run");
}

void walls_probe(struct wall_report report[static WALL_COUNT])
{
    static const struct {
        const char *wall, *why;
        bool must;
    } walls[WALL_COUNT] = {
        {"namespaces", "a box was made in user, mount, pid, net, ipc, uts and cgroup namespaces", true},
        {"file system", "read-only root, one bounded tmpfs, nothing of the host", true},
        {"no privileges", "no capability in any set, no_new_privs, checked from outside", true},
        {"seccomp", "the filter was installed, and refused what it must", true},
        {"landlock", "files outside the image, the work folder and /tmp are closed a second time", false},
        {"cgroup", "cgroup v2; memory, processes and CPU are bounded", true},
        {"rlimits", "core, descriptors, locked memory, queues, stack", true},
        {"output", "only the descriptors that the executor made", true},
        {"the end", "init was killed, all was reaped, the group removed", true},
        {"side channels", "runs share no core's threads at the same moment", false},
    };
    struct trial t = {.slot = TRIAL_SLOT_FIRST + (unsigned)getpid() % TRIAL_SLOTS};
    trial(&t);
    for (int i = 0; i < WALL_COUNT; i++) {
        report[i] = (struct wall_report){.wall = walls[i].wall, .must = walls[i].must};
        set(&report[i], WALL_STANDS, walls[i].why, "");
        if (t.err.code)
            set(&report[i], WALL_MISSING, t.err.text, cure_for(&t));
        else if (t.wall == i + 1)
            set(&report[i], WALL_MISSING, "the program inside got through it",
                "report this: it is a fault of phial's");
    }
    if (!t.err.code)
        report_optional(report, &t);
}
