/* A program in a box, as the executor sees it. */
#include "sandbox/internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define X(step) #step,
static const char *const program_steps[] = {PROGRAM_STEPS(X)};
static const char *const clone_steps[] = {CLONE_STEPS(X)};
#undef X

size_t program_step_times(const struct program *p, struct step_time *times, size_t most)
{
    return step_times(&p->times, p->asked_ns, p->step_names, p->step_count, times, most);
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

int order_send(int socket, struct order *order, const char *const *argv, const char *const *env,
               const int *fds, size_t fd_count)
{
    size_t bytes = sizeof *order;
    order->argc = count_strings(argv, &bytes);
    order->envc = count_strings(env, &bytes);
    if (bytes > ORDER_MOST)
        return -E2BIG;
    cleanup_free char *message = malloc(bytes);
    if (!message)
        return -ENOMEM;
    memcpy(message, order, sizeof *order);
    append_strings(append_strings(message + sizeof *order, argv), env);
    return message_send(socket, message, bytes, fds, fd_count);
}

static struct order order_for(const struct program *p, enum order_kind kind)
{
    return (struct order){
        .kind = kind,
        .flags = p->box->ground->order_flags,
        .cpu = (uint32_t)sched_getcpu(),
        .uid = p->box->uid,
        .cgroup_fds = (uint32_t)p->box->cgroup->count,
        .program_fds = (uint32_t)p->fd_count,
    };
}

static size_t add_fds(int *all, size_t n, const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        all[n++] = fds[i];
    return n;
}

/* `*far` is the program's end of the gate. */
static int program_new(struct box *box, size_t fd_count, struct program **program, int *far,
                       struct error *err)
{
    if (box->state != BOX_READY)
        return error_set(err, EINVAL, "start program: the box is not ready");
    if (fd_count > PROGRAM_FDS_MOST)
        return error_set(err, EINVAL, "start program: %zu descriptors", fd_count);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "start program: socketpair: %m");
    cleanup_fd int near = pair[0];
    *far = pair[1];
    struct program *p = calloc(1, sizeof *p);
    if (!p)
        return error_set(err, ENOMEM, "start program: %m");
    *p = (struct program){.box = box, .gate = steal_fd(&near), .pidfd = -1, .fd_count = fd_count};
    p->step_names = program_steps;
    p->step_count = array_length(program_steps);
    p->asked_ns = clock_now_ns();
    box->program = p;
    *program = p;
    return 0;
}

int program_start(struct box *box, const struct program_spec *spec, struct program **program,
                  struct error *err)
{
    struct program *p;
    cleanup_fd int far = -1;
    int r = program_new(box, spec->fd_count, &p, &far, err);
    if (r < 0)
        return r;
    struct order order = order_for(p, ORDER_PROGRAM);
    int fds[MESSAGE_FDS_MOST] = {far};
    size_t n = add_fds(fds, 1, box->cgroup->enter, box->cgroup->count);
    n = add_fds(fds, n, (const int[]){box->init, spec->filter->bpf}, 2);
    n = add_fds(fds, n, spec->fds, spec->fd_count);
    r = order_send(box->ground->maker, &order, spec->argv, spec->env, fds, n);
    if (r < 0) {
        program_free(p);
        return error_set(err, -r, "start program: order to the maker: %m");
    }
    *program = p;
    return 0;
}

int program_clone(struct box *box, struct template *template, const int *fds, size_t fd_count,
                  struct program **program, struct error *err)
{
    struct program *p;
    cleanup_fd int far = -1;
    if (template->state != TEMPLATE_FROZEN || fd_count != template->fd_count)
        return error_set(err, EINVAL, "clone: the template is not frozen, or has not %zu descriptors",
                         fd_count);
    int r = program_new(box, fd_count, &p, &far, err);
    if (r < 0)
        return r;
    p->step_names = clone_steps;
    p->step_count = array_length(clone_steps);
    struct order order = order_for(p, ORDER_CLONE);
    int all[MESSAGE_FDS_MOST] = {far};
    size_t n = add_fds(all, 1, box->cgroup->enter, box->cgroup->count);
    n = add_fds(all, n, &box->init, 1);
    n = add_fds(all, n, fds, fd_count);
    r = order_send(template->socket, &order, NULL, NULL, all, n);
    if (r < 0) {
        program_free(p);
        return error_set(err, -r, "clone: order to the template: %m");
    }
    p->is_clone = true;
    template_making(template, p, true);
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
    p->box->lost |= p->is_clone && p->pidfd < 0;
    program_kill(p);
    return r;
}

static int look_and_let_go(struct program *p, struct error *err)
{
    struct template *t = p->template;
    struct expectation want = {.uid = p->box->ground->uid_base + p->box->uid,
                               .inherited_filters = p->box->ground->inherited_filters,
                               .filtered = true,
                               .fds = p->fd_count,
                               .extra = PROGRAM_GATE};
    if (p->is_clone && !t)
        return failed(p, error_set(err, EPIPE, "clone: its template is gone"));
    if (t) {
        want.threads = t->frozen.threads;
        want.fds = t->frozen.fd_count;
        want.among = t->frozen.fds;
        want.list = !t->listed;
    }
    int r = t ? check_clone(p->box, p->pidfd, &want, err) : check_from_outside(p->pidfd, &want, err);
    if (r < 0) {
        error_context(err, "start program");
        return failed(p, r);
    }
    if (t) {
        t->listed = true;
        template_making(t, p, false);
    }
    r = write_all(p->gate, "g", 1);
    p->let_go = r == 0;
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
        if (!p->let_go || p->pidfd < 0)
            return failed(p, error_set(err, EPIPE, "start program: it died before it stood"));
        close_fd(&p->gate);
        p->state = PROGRAM_RUNNING;
        return 0;
    }
    if (reply.kind == REPLY_BORN && !p->is_clone) /* init is looked at while the program strips itself */
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
        int r = waitid(P_PIDFD, (id_t)p->pidfd, &info, WEXITED | WNOHANG | __WALL);
        if (r < 0 && errno != ECHILD)
            return -errno;
        if (r == 0 && info.si_pid == 0)
            return -EAGAIN;
        p->ended = true;
        p->end = (struct program_end){.signaled = info.si_code != CLD_EXITED, .code = info.si_status};
        if (r < 0) /* reaped as a stranger, before its pidfd was read: it never ran */
            p->end = (struct program_end){.signaled = true, .code = SIGKILL};
    }
    *end = p->end;
    return 0;
}

void program_free(struct program *p)
{
    if (!p)
        return;
    if (p->template)
        template_making(p->template, p, false);
    if (p->box->program == p)
        p->box->program = NULL;
    close_fd(&p->gate);
    close_fd(&p->pidfd);
    free(p);
}
