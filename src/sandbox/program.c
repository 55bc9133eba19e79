/* A program in a box, as the executor sees it. */
#include "sandbox/internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define X(step) #step,
static const char *const step_names[] = {PROGRAM_STEPS(X)};
#undef X

size_t program_step_times(const struct program *p, struct step_time *times, size_t most)
{
    return step_times(&p->times, p->asked_ns, step_names, array_length(step_names), times, most);
}

static uint32_t count_strings(const char *const *list, size_t *bytes)
{
    uint32_t n = 0;
    for (; list && list[n]; n++)
        *bytes += strlen(list[n]) + 1;
    return n;
}

static char *append_strings(char *at, const char *const *list)
{
    for (; list && *list; list++)
        at = stpcpy(at, *list) + 1;
    return at;
}

static int send_order(struct program *p, const struct program_spec *spec, int far, struct error *err)
{
    struct box *b = p->box;
    size_t bytes = sizeof(struct order);
    struct order order = {
        .kind = ORDER_PROGRAM,
        .flags = b->ground->order_flags,
        .cpu = (uint32_t)sched_getcpu(),
        .uid = b->uid,
        .cgroup_fds = (uint32_t)b->cgroup->count,
        .program_fds = (uint32_t)spec->fd_count,
        .argc = count_strings(spec->argv, &bytes),
        .envc = count_strings(spec->env, &bytes),
    };
    if (bytes > ORDER_MOST || order.argc == 0)
        return error_set(err, E2BIG, "start program: %u arguments, %zu bytes with the environment: %m",
                         order.argc, bytes);
    cleanup_free char *message = malloc(bytes);
    if (!message)
        return error_set(err, ENOMEM, "start program: %m");
    memcpy(message, &order, sizeof order);
    append_strings(append_strings(message + sizeof order, spec->argv), spec->env);
    int fds[MESSAGE_FDS_MOST] = {far};
    size_t n = 1;
    for (size_t i = 0; i < b->cgroup->count; i++)
        fds[n++] = b->cgroup->enter[i];
    fds[n++] = b->init;
    fds[n++] = spec->filter->bpf;
    for (size_t i = 0; i < spec->fd_count; i++)
        fds[n++] = spec->fds[i];
    p->asked_ns = clock_now_ns();
    int r = message_send(b->ground->maker, message, bytes, fds, n);
    return r < 0 ? error_set(err, -r, "start program: order to the maker: %m") : 0;
}

int program_start(struct box *box, const struct program_spec *spec, struct program **program,
                  struct error *err)
{
    if (box->state != BOX_READY)
        return error_set(err, EINVAL, "start program: the box is not ready");
    if (spec->fd_count > PROGRAM_FDS_MOST)
        return error_set(err, EINVAL, "start program: %zu descriptors", spec->fd_count);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "start program: socketpair: %m");
    cleanup_fd int near = pair[0], far = pair[1];
    struct program *p = calloc(1, sizeof *p);
    if (!p)
        return error_set(err, ENOMEM, "start program: %m");
    *p = (struct program){.box = box, .gate = -1, .pidfd = -1, .fd_count = spec->fd_count};
    int r = send_order(p, spec, far, err);
    if (r < 0) {
        free(p);
        return r;
    }
    p->gate = steal_fd(&near);
    *program = p;
    return 0;
}

int program_fd(const struct program *program)
{
    return program->gate;
}
enum program_state program_state(const struct program *program)
{
    return program->state;
}
int program_pidfd(const struct program *program)
{
    return program->pidfd;
}

void program_kill(struct program *p)
{
    if (p->pidfd >= 0 && !p->ended)
        syscall(SYS_pidfd_send_signal, p->pidfd, SIGKILL, NULL, 0);
}

static int failed(struct program *p, int r)
{
    p->state = PROGRAM_FAILED;
    program_kill(p);
    return r;
}

static int look_and_let_go(struct program *p, struct error *err)
{
    struct expectation want = {
        .uid = p->box->ground->uid_base + p->box->uid, .fds = p->fd_count, .extra = PROGRAM_GATE};
    int r = check_from_outside(p->pidfd, &want, err);
    if (r < 0) {
        error_context(err, "start program");
        return failed(p, r);
    }
    r = write_all(p->gate, "g", 1);
    return r < 0 ? failed(p, error_set(err, -r, "start program: open its gate: %m")) : 0;
}

int program_step(struct program *p, struct error *err)
{
    struct reply reply;
    int fds[2], r = reply_take(p->gate, "start program", &reply, fds, err);
    if (fds[0] >= 0)
        p->pidfd = fds[0];
    if (r < 0)
        return failed(p, r);
    if (r == 0) { /* exec closed the gate; if it was death instead, the wait status will say so */
        if (!p->ready || p->pidfd < 0)
            return failed(p, error_set(err, EPIPE, "start program: it died before it stood"));
        close_fd(&p->gate);
        p->state = PROGRAM_RUNNING;
        return 0;
    }
    if (reply.kind == REPLY_BORN) /* init is looked at while the program strips itself */
        r = box_check(p->box, err);
    if (r < 0)
        return failed(p, r);
    if (reply.kind == REPLY_READY) {
        p->ready = true;
        p->times = reply;
    }
    return p->ready && p->pidfd >= 0 ? look_and_let_go(p, err) : 0;
}

int program_reap(struct program *p, struct program_end *end)
{
    siginfo_t info = {0};
    if (!p->ended) {
        if (p->pidfd < 0)
            return -EAGAIN;
        if (waitid(P_PIDFD, (id_t)p->pidfd, &info, WEXITED | WNOHANG | __WALL) < 0)
            return -errno;
        if (info.si_pid == 0)
            return -EAGAIN;
        p->ended = true;
        p->end = (struct program_end){.signaled = info.si_code != CLD_EXITED, .code = info.si_status};
    }
    *end = p->end;
    return 0;
}

void program_free(struct program *p)
{
    if (!p)
        return;
    close_fd(&p->gate);
    close_fd(&p->pidfd);
    free(p);
}
