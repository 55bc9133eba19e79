/* The maker: takes orders for boxes and programs and clones them. CLONE_PARENT makes each a child of the
 * executor, which so gets their wait status from the kernel. It was started by execveat, so its memory
 * belongs to T's user namespace and its children may look at each other by pidfd (ptrace(2), access mode
 * checks). */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

struct maker {
    uint32_t cpu; /* where it stays */
    int own_pid_namespace;
    int oom_score; /* our own, open; what stands in it for ourselves: */
    char own_score[16];
    struct filter_program filter; /* of the program being made */
    char order[ORDER_MOST];
    char *argv[1024], *env[1024];
};

/* When the host itself runs out of memory, runs die first (proc(5), oom_score_adj). A child inherits the
 * score of the moment, which is cheaper than to have each set its own. */
static int set_oom_score(const struct maker *maker, const char *score)
{
    return pwrite(maker->oom_score, score, strlen(score), 0) < 0 ? -errno : 0;
}

static long clone_child(const struct maker *maker, uint64_t flags, const struct making *m, int *pidfd)
{
    struct clone_args args = {.flags = flags | CLONE_PARENT | CLONE_PIDFD, .pidfd = (uintptr_t)pidfd};
    if (m->order.flags & ORDER_CGROUP_V2) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)m->cgroup[0];
    }
    int r = set_oom_score(maker, "1000");
    if (r < 0)
        return r;
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0)
        return 0;
    if (pid < 0)
        pid = -errno;
    if (set_oom_score(maker, maker->own_score) < 0)
        _exit(5); /* the host would end us before any run */
    return pid;
}

/* Splits the zero-ended strings behind an order. */
static int split(char **at, char *end, char **list, uint32_t count)
{
    if (count >= 1024)
        return -E2BIG;
    for (uint32_t i = 0; i < count; i++) {
        char *zero = memchr(*at, 0, (size_t)(end - *at));
        if (!zero)
            return -EINVAL;
        list[i] = *at;
        *at = zero + 1;
    }
    list[count] = NULL;
    return 0;
}

static void announce(const struct making *m, const char *step, long pid, int pidfd)
{
    struct reply reply = {.kind = REPLY_BORN};
    if (pid < 0) {
        reply.kind = REPLY_FAILED;
        reply.error = (int32_t)-pid;
        strncpy(reply.step, step, sizeof reply.step - 1);
    }
    reply_send(m->socket, &reply, &pidfd, pid >= 0);
    if (pid >= 0)
        close(pidfd);
}

static void make_box(const struct maker *maker, struct making *m)
{
    int pidfd = -1;
    long pid = clone_child(maker, namespaces_of_a_box(m), m, &pidfd);
    if (pid == 0)
        box_init(m);
    announce(m, "clone init", pid, pidfd);
}

/* argv and env of a program or template, from the strings behind the order. */
static int take_strings(struct maker *maker, const struct order *o, char *strings, char *end)
{
    int r = o->argc > 0 ? split(&strings, end, maker->argv, o->argc) : -EINVAL;
    return r == 0 ? split(&strings, end, maker->env, o->envc) : r;
}

static void make_program(struct maker *maker, struct making *m, char *strings, char *end)
{
    int pidfd = -1;
    long pid = take_strings(maker, &m->order, strings, end);
    if (pid == 0)
        pid = filter_load(&maker->filter, m->filter_file);
    m->filter = &maker->filter;
    if (pid == 0 && setns(m->init, CLONE_NEWPID) < 0)
        pid = -errno;
    if (pid == 0) {
        pid = clone_child(maker, 0, m, &pidfd);
        if (pid == 0)
            box_program(m, maker->argv, maker->env);
    }
    announce(m, "clone program", pid, pidfd);
    if (setns(maker->own_pid_namespace, CLONE_NEWPID) < 0)
        _exit(3); /* the next box would be made inside this one */
}

/* In our own pid namespace: setns(2), a process may enter pid namespaces below its own only, and a template
 * enters those of all boxes. */
static void make_template(struct maker *maker, struct making *m, char *strings, char *end)
{
    int pidfd = -1;
    long pid = take_strings(maker, &m->order, strings, end);
    if (pid == 0) {
        pid = clone_child(maker, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS, m, &pidfd);
        if (pid == 0)
            box_template(m, maker->argv, maker->env);
    }
    announce(m, "clone template", pid, pidfd);
}

static void serve(struct maker *maker)
{
    int fds[MESSAGE_FDS_MOST];
    size_t count = 0;
    ssize_t k =
        message_receive(MAKER_SOCKET, maker->order, sizeof maker->order, fds, MESSAGE_FDS_MOST, &count);
    if (k <= 0)
        _exit(0);
    struct making m = {.init = -1, .network = -1, .network_sockets = -1, .filter_file = -1, .engine = -1};
    if ((size_t)k < sizeof m.order)
        _exit(4);
    memcpy(&m.order, maker->order, sizeof m.order);
    m.order.image[IMAGE_NAME_MOST] = 0;
    if (take_descriptors(&m, fds, count) < 0)
        _exit(4);
    if (m.order.cpu != maker->cpu && stay_on_cpu(m.order.cpu) == 0)
        maker->cpu = m.order.cpu;
    if (m.order.kind == ORDER_BOX)
        make_box(maker, &m);
    else if (m.order.kind == ORDER_PROGRAM)
        make_program(maker, &m, maker->order + sizeof m.order, maker->order + k);
    else if (m.order.kind == ORDER_TEMPLATE)
        make_template(maker, &m, maker->order + sizeof m.order, maker->order + k);
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    explicit_bzero(maker->order,
                   (size_t)k); /* arguments and variables of one client: no later init inherits them */
}

static int read_own_score(struct maker *maker)
{
    maker->oom_score = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
    return maker->oom_score < 0 || read(maker->oom_score, maker->own_score, sizeof maker->own_score - 1) < 1
               ? -errno
               : 0;
}

/* The session keyring of whoever started phial would be inherited by every run: keyctl(2). */
static int leave_keyring(void)
{
    enum { JOIN_SESSION_KEYRING = 1 };
    return syscall(SYS_keyctl, JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS ? -errno : 0;
}

/* T's init: it holds the pid namespace, and reaps what nobody else does. */
static _Noreturn void be_ground(void)
{
    prctl(PR_SET_NAME, "phial-ground", 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    close_range(0, ~0u, 0);
    signal(SIGCHLD, SIG_IGN);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    static struct maker maker = {.cpu = UINT32_MAX};
    if (argc == 2 && !strcmp(argv[1], "ground"))
        be_ground();
    if (argc == 2 && !strcmp(argv[1], "probe"))
        return box_probe();
    int r = set_rlimits();
    if (r < 0)
        fail(MAKER_SOCKET, "rlimits", -r);
    if ((r = default_signals()) < 0)
        fail(MAKER_SOCKET, "signals", -r);
    if ((r = allow_inheritance()) < 0)
        fail(MAKER_SOCKET, "inheritable capabilities", -r);
    if ((r = drop_bounding_set()) < 0)
        fail(MAKER_SOCKET, "bounding set", -r);
    if ((r = read_own_score(&maker)) < 0)
        fail(MAKER_SOCKET, "open /proc/self/oom_score_adj", -r);
    if ((r = leave_keyring()) < 0)
        fail(MAKER_SOCKET, "session keyring", -r);
    maker.own_pid_namespace = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
    if (maker.own_pid_namespace < 0)
        fail(MAKER_SOCKET, "open /proc/self/ns/pid", errno);
    prctl(PR_SET_NAME, "phial-maker", 0, 0, 0);
    struct reply ready = {.kind = REPLY_READY};
    reply_send(MAKER_SOCKET, &ready, NULL, 0);
    for (;;)
        serve(&maker);
}
