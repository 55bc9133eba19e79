/* The ground: user namespace T, its init, the maker. See the theory of operation in sandbox.h. */
#include "sandbox/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u /* Linux 6.3; before it every memfd may be executed */
#endif
#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE     62
#define PR_SCHED_CORE_GET 0
#endif

enum {
    T_NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS,
    START_MS = 10000,
};

struct birth { /* what T's init, or the process that makes the maker, needs before it is on its own */
    const struct ground_options *options;
    int helper, dev, sync, maker_socket, init, group;
};

int sealed_program(const char *name, const void *bytes, size_t size, struct error *err)
{
    cleanup_fd int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (fd < 0 && errno == EINVAL)
        fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int r = fd < 0 ? -errno : write_all(fd, bytes, size);
    if (r == 0 && (fchmod(fd, 0555) < 0 ||
                   fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0))
        r = -errno;
    return r < 0 ? error_set(err, -r, "make the memfd %s: %m", name) : steal_fd(&fd);
}

static _Noreturn void tell(int sync, const struct error *err)
{
    (void)message_send(sync, err, sizeof *err, NULL, 0);
    _exit(1);
}

static void become_root_of_t(int sync)
{
    struct error err = {0};
    if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) {
        error_set(&err, errno, "become root of T: %m");
        tell(sync, &err);
    }
}

static void exec_helper(int helper, const char *mode, int sync)
{
    char *argv[] = {"phial-box", (char *)mode, NULL}, *env[] = {NULL};
    struct error err = {0};
    execveat(helper, "", argv, env, AT_EMPTY_PATH);
    error_set(&err, errno, "exec the helper: %m");
    tell(sync, &err);
}

/* Group descriptors were opened by the executor, whose rights count (Linux commit e57457641613). */
static void enter_group(int group, int sync)
{
    struct error err = {0};
    if (group >= 0 && write(group, "0", 1) != 1) {
        error_set(&err, errno, "enter the ground's group: %m");
        tell(sync, &err);
    }
}

static _Noreturn void be_init_of_t(const struct birth *b)
{
    struct error err = {0};
    char go;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(b->sync, &go, 1) != 1)
        _exit(1); /* the executor gave up, or died */
    enter_group(b->group, b->sync);
    become_root_of_t(b->sync);
    if (ground_mounts(b->options, b->dev, &err) < 0)
        tell(b->sync, &err);
    exec_helper(b->helper, "ground", b->sync); /* says so by closing `sync` */
    _exit(1);
}

static int write_maps(pid_t pid, uint32_t base, struct error *err)
{
    char path[64], map[64];
    snprintf(map, sizeof map, "0 %u %u", base, (unsigned)UIDS);
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    int r = write_file_at(AT_FDCWD, path, map, err);
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    return r < 0 ? r : write_file_at(AT_FDCWD, path, map, err);
}

/* Waits for the far end to close (all went well) or to say what failed. */
static int await(int sync, const char *what, struct error *err)
{
    struct error said = {0};
    struct pollfd p = {sync, POLLIN, 0};
    int n = poll(&p, 1, START_MS);
    if (n <= 0)
        return error_set(err, n < 0 ? errno : ETIMEDOUT, "%s: %m", what);
    ssize_t k = message_receive(sync, &said, sizeof said, NULL, 0, NULL);
    if (k == 0)
        return 0;
    if (k != sizeof said)
        return error_set(err, k < 0 ? (int)-k : EPROTO, "%s: %m", what);
    said.text[sizeof said.text - 1] = 0;
    return error_set(err, said.code ? said.code : EPROTO, "%s: %.900s", what, said.text);
}

static int start_init(struct ground *g, struct birth *b, struct error *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "start T: socketpair: %m");
    cleanup_fd int ours = pair[0], theirs = pair[1];
    struct clone_args args = {
        .flags = T_NAMESPACES | CLONE_PIDFD, .pidfd = (uintptr_t)&g->init_pidfd, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0)
        return error_set(err, errno, "start T: clone3 with a user namespace (see user_namespaces(7)): %m");
    if (pid == 0) {
        b->sync = theirs;
        close(ours);
        be_init_of_t(b);
    }
    close_fd(&theirs);
    int r = write_maps((pid_t)pid, g->uid_base, err);
    if (r == 0 && write(ours, "g", 1) != 1)
        r = error_set(err, errno, "start T: %m");
    return r < 0 ? r : await(ours, "start T", err);
}

static _Noreturn void be_maker(const struct birth *b)
{
    /* All go first to numbers out of the way, as each may stand where another belongs. */
    int socket = fcntl(b->maker_socket, F_DUPFD_CLOEXEC, 64);
    int helper = fcntl(b->helper, F_DUPFD_CLOEXEC, 64), sync = fcntl(b->sync, F_DUPFD_CLOEXEC, 64);
    int null = open("/dev/null", O_RDWR);
    struct error err = {0};
    if (socket < 0 || helper < 0 || sync < 0 || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
        dup2(null, 2) < 0 || dup2(socket, MAKER_SOCKET) < 0 || close_range(MAKER_SOCKET + 1, 63, 0) < 0) {
        error_set(&err, errno, "place the maker's descriptors: %m");
        tell(sync, &err);
    }
    exec_helper(helper, "maker", sync);
    _exit(1);
}

/* A process of ours goes into T and makes the maker as the executor's child (CLONE_PARENT). */
static _Noreturn void be_midwife(const struct birth *b)
{
    struct error err = {0};
    enter_group(b->group, b->sync);
    if (setns(b->init, T_NAMESPACES) < 0) {
        error_set(&err, errno, "enter T: %m");
        tell(b->sync, &err);
    }
    become_root_of_t(b->sync);
    int pidfd = -1;
    struct clone_args args = {.flags = CLONE_PARENT | CLONE_PIDFD, .pidfd = (uintptr_t)&pidfd};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0)
        be_maker(b);
    error_set(&err, pid < 0 ? errno : 0, "clone the maker");
    (void)message_send(b->sync, &err, sizeof err, &pidfd, pid > 0);
    _exit(0);
}

static int take_maker(struct ground *g, int sync, struct error *err)
{
    struct error said = {0};
    size_t fds = 0;
    ssize_t k = message_receive(sync, &said, sizeof said, &g->maker_pidfd, 1, &fds);
    if (k != sizeof said)
        return error_set(err, k < 0 ? (int)-k : EPROTO, "start the maker: %m");
    if (said.code || !fds)
        return error_set(err, said.code ? said.code : EPROTO, "start the maker: %.900s", said.text);
    int r = await(sync, "start the maker", err); /* closed by its exec */
    struct reply ready;
    int none[2];
    if (r == 0 && (r = reply_take(g->maker, "start the maker", &ready, none, err)) == 0)
        r = error_set(err, EPIPE, "start the maker: it died");
    return r < 0 ? r : 0;
}

static int start_maker(struct ground *g, struct birth *b, struct error *err)
{
    int sync[2], orders[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sync) < 0)
        return error_set(err, errno, "start the maker: socketpair: %m");
    cleanup_fd int ours = sync[0], theirs = sync[1];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, orders) < 0)
        return error_set(err, errno, "start the maker: socketpair: %m");
    g->maker = orders[0];
    cleanup_fd int far = orders[1];
    int room = 2 * ORDER_MOST; /* one order must fit a packet */
    if (setsockopt(g->maker, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) < 0)
        return error_set(err, errno, "start the maker: SO_SNDBUFFORCE: %m");
    pid_t pid = fork();
    if (pid < 0)
        return error_set(err, errno, "start the maker: fork: %m");
    if (pid == 0) {
        b->sync = theirs;
        b->maker_socket = far;
        be_midwife(b);
    }
    close_fd(&theirs);
    close_fd(&far);
    int r = take_maker(g, ours, err);
    waitpid(pid, NULL, __WALL);
    return r;
}

static int watch_both(struct ground *g, struct error *err)
{
    struct epoll_event e = {.events = EPOLLIN};
    g->watch = epoll_create1(EPOLL_CLOEXEC);
    if (g->watch < 0 || epoll_ctl(g->watch, EPOLL_CTL_ADD, g->maker_pidfd, &e) < 0 ||
        epoll_ctl(g->watch, EPOLL_CTL_ADD, g->init_pidfd, &e) < 0)
        return error_set(err, errno, "watch the ground: %m");
    return 0;
}

/* Walls that only some kernels have: when one is missing, the operator must have said that it may be. */
static int optional_walls(struct ground *g, const struct ground_options *o, struct error *err)
{
    unsigned long cookie;
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 1)
        g->order_flags |= ORDER_LANDLOCK;
    else if (!o->without_landlock)
        return error_set(
            err, ENOTSUP,
            "this kernel has no Landlock: boot with it in lsm=, or set allow_missing_landlock: true");
    if (prctl(PR_SCHED_CORE, PR_SCHED_CORE_GET, 0, 0, &cookie) == 0)
        g->order_flags |= ORDER_CORE_SCHEDULING;
    else if (errno != ENODEV && !o->without_core_scheduling) /* ENODEV: no core has more than one thread */
        return error_set(
            err, ENOTSUP,
            "this kernel has no core scheduling: set allow_missing_core_scheduling: true to go without");
    return 0;
}

static int take_images(struct ground *g, const struct ground_options *o, struct error *err)
{
    g->images = calloc(o->image_count + 1, sizeof *g->images);
    g->uids = calloc(UIDS, 1);
    g->networks = calloc(NETWORKS_KEPT, sizeof *g->networks);
    if (!g->images || !g->uids || !g->networks)
        return error_set(err, ENOMEM, "ground: %m");
    for (; g->image_count < o->image_count; g->image_count++) {
        const char *name = o->images[g->image_count].name;
        if (strlen(name) > IMAGE_NAME_MOST || !*name ||
            strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
            return error_set(err, EINVAL, "bad image name '%s'", name);
        strcpy(g->images[g->image_count], name);
    }
    return 0;
}

static int open_group(const struct ground *g)
{
    if (cgroup_root_version(g->cgroups) != CGROUP_V2)
        return -1;
    return openat(g->cgroups->hierarchies[0].dir, "ground/cgroup.procs", O_WRONLY | O_CLOEXEC);
}

static int start_all(struct ground *g, const struct ground_options *o, struct error *err)
{
    int r = take_images(g, o, err);
    if (r == 0)
        r = optional_walls(g, o, err);
    if (r == 0)
        r = cgroup_root_open(&g->cgroups, o->slot, err);
    if (r == 0)
        r = cgroup_root_delegate(g->cgroups, g->uid_base, err);
    if (r < 0)
        return r;
    if (cgroup_root_version(g->cgroups) == CGROUP_V2)
        g->order_flags |= ORDER_CGROUP_V2;
    cleanup_fd int helper =
        sealed_program("phial-box", box_helper, (size_t)(box_helper_end - box_helper), err);
    cleanup_fd int dev = helper < 0 ? -1 : dev_make(err), group = open_group(g);
    if (helper < 0 || dev < 0)
        return -err->code;
    struct birth b = {.options = o, .helper = helper, .dev = dev, .group = group};
    r = start_init(g, &b, err);
    b.init = g->init_pidfd;
    if (r == 0)
        r = start_maker(g, &b, err);
    return r < 0 ? r : watch_both(g, err);
}

int ground_start(struct ground **ground, const struct ground_options *options, struct error *err)
{
    struct error own = {0};
    err = err ? err : &own;
    struct ground *g = calloc(1, sizeof *g);
    if (!g)
        return error_set(err, ENOMEM, "ground: %m");
    g->maker = g->maker_pidfd = g->init_pidfd = g->watch = -1;
    g->uid_base = options->uid_base;
    int r = check_own_filters(&g->inherited_filters, err);
    if (r == 0)
        r = start_all(g, options, err);
    if (r < 0) {
        ground_stop(g);
        return r;
    }
    *ground = g;
    return 0;
}

int ground_watch_fd(const struct ground *ground)
{
    return ground->watch;
}

const struct cgroup_root *ground_cgroups(const struct ground *ground)
{
    return ground->cgroups;
}

static void kill_child(int pidfd)
{
    if (pidfd >= 0)
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

/* T's init cannot end while a zombie of its namespace waits for us to reap it: the maker, and what a caller
 * in trouble has not reaped. All are dead by now, so any child of ours may be taken. */
static void reap_child(int *pidfd)
{
    siginfo_t info;
    for (int ms = 0; *pidfd >= 0 && ms < START_MS; ms++) {
        info.si_pid = 0;
        if (waitid(P_PIDFD, (id_t)*pidfd, &info, WEXITED | WNOHANG | __WALL) < 0 || info.si_pid)
            break;
        if (waitpid(-1, NULL, __WALL | WNOHANG) <= 0)
            poll(NULL, 0, 1);
    }
    close_fd(pidfd);
}

void ground_stop(struct ground *g)
{
    if (!g)
        return;
    kill_child(g->init_pidfd); /* and with it everything in T's pid namespace */
    kill_child(g->maker_pidfd);
    reap_child(&g->init_pidfd);
    reap_child(&g->maker_pidfd);
    close_fd(&g->maker);
    close_fd(&g->watch);
    while (g->network_count > 0)
        network_close(&g->networks[--g->network_count]);
    free(g->networks);
    cgroup_root_close(g->cgroups);
    free(g->images);
    free(g->uids);
    free(g);
}
