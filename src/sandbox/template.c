/* A template, as the executor sees it: the process of a runtime that is started, booted, frozen and then
 * copied. What happens inside it is src/template/engine. */
#include "sandbox/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The template's own environment, and what loads our library into it. The caller frees the list and *own. */
static const char **environment(const struct template_spec *spec, char **own)
{
    size_t n = 0;
    while (spec->env && spec->env[n])
        n++;
    const char **env = calloc(n + 3, sizeof *env);
    if (!env || asprintf(own, TEMPLATE_VARIABLE "=%zu%s%s", spec->fd_count, spec->helper ? ":" : "",
                         spec->helper ? spec->helper : "") < 0) {
        free(env);
        *own = NULL;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        env[i] = spec->env[i];
    env[n] = TEMPLATE_PRELOAD;
    env[n + 1] = *own;
    return env;
}

static int send_order(struct template *t, const struct template_spec *spec, int far, struct error *err)
{
    struct order order = {
        .kind = ORDER_TEMPLATE,
        .flags = t->ground->order_flags,
        .cpu = (uint32_t)sched_getcpu(),
        .uid = t->uid,
        .cgroup_fds = (uint32_t)t->cgroup->count,
        .program_fds = (uint32_t)spec->fd_count,
    };
    strcpy(order.image, spec->image);
    int fds[MESSAGE_FDS_MOST] = {far};
    size_t n = 1;
    for (size_t i = 0; i < t->cgroup->count; i++)
        fds[n++] = t->cgroup->enter[i];
    fds[n++] = spec->filter->bpf;
    fds[n++] = spec->engine;
    for (size_t i = 0; i < spec->fd_count; i++)
        fds[n++] = spec->fds[i];
    cleanup_free char *own = NULL;
    cleanup_free const char **env = environment(spec, &own);
    if (!env)
        return error_set(err, ENOMEM, "start template: %m");
    int r = order_send(t->ground->maker, &order, spec->argv, env, fds, n);
    return r < 0 ? error_set(err, -r, "start template: order to the maker: %m") : 0;
}

static int start(struct template *t, const struct template_spec *spec, struct error *err)
{
    if (!image_known(t->ground, spec->image))
        return error_set(err, ENOENT, "start template: no image '%s' is mounted", spec->image);
    if (spec->fd_count > PROGRAM_FDS_MOST)
        return error_set(err, EINVAL, "start template: %zu descriptors", spec->fd_count);
    if (uid_take(t->ground, &t->uid) < 0)
        return error_set(err, EAGAIN, "start template: every uid is taken");
    int r = cgroup_make(t->ground->cgroups, &spec->cgroup, &t->cgroup, err);
    if (r < 0)
        return r;
    if ((r = cgroup_own(t->cgroup, t->ground->uid_base)) < 0)
        return error_set(err, -r, "start template: give cgroup.procs to T: %m");
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "start template: socketpair: %m");
    t->socket = pair[0];
    cleanup_fd int far = pair[1];
    return send_order(t, spec, far, err);
}

int template_start(struct ground *ground, const struct template_spec *spec, struct template **template,
                   struct error *err)
{
    struct template *t = calloc(1, sizeof *t);
    if (!t)
        return error_set(err, ENOMEM, "start template: %m");
    *t = (struct template){.ground = ground,
                           .socket = -1,
                           .pidfd = -1,
                           .watched_maps = -1,
                           .watched_pages = -1,
                           .fd_count = spec->fd_count};
    int r = start(t, spec, err);
    if (r < 0) {
        if (t->cgroup)
            (void)cgroup_remove(t->cgroup);
        template_free(t);
        return r;
    }
    t->next = ground->templates;
    ground->templates = t;
    *template = t;
    return 0;
}

int template_fd(const struct template *template)
{
    return template->socket;
}
enum template_state template_state(const struct template *template)
{
    return template->state;
}
int template_pidfd(const struct template *template)
{
    return template->pidfd;
}

void template_kill(struct template *t)
{
    if (t->pidfd >= 0 && !t->reaped)
        syscall(SYS_pidfd_send_signal, t->pidfd, SIGKILL, NULL, 0);
}

static int failed(struct template *t, int r)
{
    t->state = TEMPLATE_FAILED;
    template_kill(t);
    return r;
}

/* Before it execs: it has what it needs in T, and nothing else. */
static int look_and_let_go(struct template *t, struct error *err)
{
    struct expectation want = {.uid = t->ground->uid_base + t->uid,
                               .capabilities = TEMPLATE_START_CAPABILITIES,
                               .inherited_filters = t->ground->inherited_filters,
                               .fds = t->fd_count + 2,
                               .among = t->frozen.fds,
                               .extra = TEMPLATE_SOCKET};
    for (size_t i = 0; i < t->fd_count; i++)
        t->frozen.fds[i / 8] |= (uint8_t)(1 << i % 8);
    for (int fd = TEMPLATE_FILTER; fd <= TEMPLATE_ENGINE; fd++)
        t->frozen.fds[fd / 8] |= (uint8_t)(1 << fd % 8);
    int r = check_from_outside(t->pidfd, &want, err);
    if (r < 0) {
        error_context(err, "start template");
        return failed(t, r);
    }
    r = write_all(t->socket, "g", 1);
    if (r < 0)
        return failed(t, error_set(err, -r, "start template: let it go: %m"));
    t->state = TEMPLATE_BOOTING;
    return 0;
}

static int step_starting(struct template *t, struct error *err)
{
    struct reply reply;
    int fds[2], r = reply_take(t->socket, "start template", &reply, fds, err);
    if (fds[0] >= 0)
        t->pidfd = fds[0];
    if (r <= 0)
        return failed(t, r < 0 ? r : error_set(err, EPIPE, "start template: it died before it stood"));
    if (reply.kind == REPLY_READY)
        t->ready = true;
    return t->ready && t->pidfd >= 0 ? look_and_let_go(t, err) : 0;
}

/* VmPTE of /proc/PID/status: a clone gets a copy of these tables. */
static uint64_t page_table_bytes(pid_t pid)
{
    char path[32], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read_all(fd, text, sizeof text - 1);
    if (k < 0)
        return 0;
    text[k] = 0;
    const char *at = strstr(text, "\nVmPTE:");
    return at ? strtoull(at + 7, NULL, 10) * 1024 : 0;
}

/* Frozen, it uses no more than it does; what its group is charged for from now on are page tables of clones,
 * each as large as its own, until the clone is gone. A limit could only kill it for what it does not decide.
 */
static int frozen(struct template *t, struct error *err)
{
    struct cgroup_limits limits = {.memory_bytes = MEMORY_UNBOUNDED, .processes = t->frozen.threads + 64};
    int r = cgroup_set_limits(t->cgroup, &limits, err);
    if (r < 0)
        return failed(t, error_context(err, "template"));
    t->page_table_bytes = page_table_bytes(pidfd_number(t->pidfd));
    t->state = TEMPLATE_FROZEN;
    return 0;
}

static int step_booted(struct template *t, struct error *err)
{
    union {
        struct engine_report report;
        struct reply reply;
    } m;
    ssize_t k = message_receive(t->socket, &m, sizeof m, NULL, 0, NULL);
    if (k == sizeof m.reply && m.reply.kind == REPLY_FAILED) {
        m.reply.step[sizeof m.reply.step - 1] = 0;
        return failed(t, error_set(err, m.reply.error > 0 ? m.reply.error : EIO, "start template: %s: %m",
                                   m.reply.step));
    }
    if (k != sizeof m.report)
        return failed(t, error_set(err, k < 0 ? (int)-k : EPIPE, "template: it ended"));
    m.report.why[sizeof m.report.why - 1] = 0;
    if (m.report.kind != ENGINE_FROZEN || t->state != TEMPLATE_FREEZING)
        return failed(t, error_set(err, ENOTSUP, "%s", m.report.why));
    t->frozen = m.report;
    return frozen(t, err);
}

int template_step(struct template *t, struct error *err)
{
    return t->state == TEMPLATE_STARTING ? step_starting(t, err) : step_booted(t, err);
}

/* To the main thread, whose number is the process's. It is our child and not reaped, so the number is its. */
int template_freeze(struct template *t, struct error *err)
{
    pid_t pid = t->state == TEMPLATE_BOOTING ? pidfd_number(t->pidfd) : -EINVAL;
    if (pid < 0)
        return error_set(err, -pid, "freeze template: %m");
    if (syscall(SYS_tgkill, pid, pid, FREEZE_SIGNAL) < 0)
        return error_set(err, errno, "freeze template: %m");
    t->state = TEMPLATE_FREEZING;
    return 0;
}

void template_facts(const struct template *t, struct template_facts *facts)
{
    struct cgroup_usage usage = {0};
    cgroup_usage_of(t->cgroup, USAGE_MEMORY, &usage);
    *facts = (struct template_facts){.threads = t->frozen.threads,
                                     .page_table_bytes = t->page_table_bytes,
                                     .memory_bytes = usage.memory_bytes,
                                     .freeze_us = t->frozen.freeze_ns / 1000};
}

void template_making(struct template *t, struct program *p, bool in)
{
    struct program **at = &t->making;
    while (*at && *at != p)
        at = &(*at)->next;
    if (in && !*at) {
        p->next = t->making;
        t->making = p;
    } else if (!in && *at) {
        *at = p->next;
    }
    p->template = in ? t : NULL;
}

/* A runtime's child lives on in T's pid namespace when the runtime dies. */
static void kill_rest(const struct template *t)
{
    pid_t tasks[512];
    ssize_t count = cgroup_tasks(t->cgroup, tasks, array_length(tasks));
    for (ssize_t i = 0; i < count; i++)
        if (tasks[i] > 0)
            kill(tasks[i], SIGKILL);
}

/* What belongs to a clone under way fails by itself, when its gate closes. */
int template_reap(struct template *t, struct error *err)
{
    siginfo_t info = {0};
    if (!t->reaped && t->pidfd >= 0) {
        int r = waitid(P_PIDFD, (id_t)t->pidfd, &info, WEXITED | WNOHANG | __WALL);
        if (r < 0 && errno != ECHILD)
            return error_set(err, errno, "wait for a template: %m");
        if (r == 0 && info.si_pid == 0)
            return error_set(err, EBUSY, "a template still lives");
        t->reaped = true;
    }
    int r = cgroup_remove(t->cgroup);
    if (r == -EBUSY)
        kill_rest(t);
    return r < 0 ? error_set(err, -r, "remove a template's group: %m") : 0;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    while (t->making)
        template_making(t, t->making, false);
    for (struct template **at = &t->ground->templates; *at; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            break;
        }
    if (t->uid)
        t->ground->uids[t->uid] = 0;
    template_unwatch(t);
    close_fd(&t->socket);
    close_fd(&t->pidfd);
    if (t->cgroup)
        cgroup_free(t->cgroup);
    free(t);
}
