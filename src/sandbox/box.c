/* A box, as the executor sees it. */
#include "sandbox/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

int reply_take(int socket, const char *what, struct reply *reply, int fds[static 2], struct error *err)
{
    size_t count = 0;
    fds[0] = fds[1] = -1;
    ssize_t k = message_receive(socket, reply, sizeof *reply, fds, 2, &count);
    if (k == 0 || k == -ECONNRESET)
        return 0;
    if (k != sizeof *reply)
        return error_set(err, k < 0 ? (int)-k : EPROTO, "%s: reply: %m", what);
    reply->step[sizeof reply->step - 1] = 0;
    if (reply->kind == REPLY_FAILED)
        return error_set(err, reply->error > 0 ? reply->error : EIO, "%s: %s: %m", what, reply->step);
    return 1;
}

size_t step_times(const struct reply *reply, uint64_t asked_ns, const char *const *names, size_t count,
                  struct step_time *times, size_t most)
{
    uint64_t before = reply->begun_ns;
    size_t n = 0;
    if (most == 0 || !before)
        return 0;
    times[n++] = (struct step_time){"clone", before - asked_ns};
    for (size_t i = 0; i < count && n < most; i++, n++) {
        times[n] = (struct step_time){names[i], reply->done_ns[i] - before};
        before = reply->done_ns[i];
    }
    return n;
}

#define X(step) #step,
static const char *const step_names[] = {BOX_STEPS(X)};
#undef X

size_t box_step_times(const struct box *box, struct step_time *times, size_t most)
{
    return step_times(&box->times, box->asked_ns, step_names, array_length(step_names), times, most);
}

/* The next uid that no live box has; uids are used in turn, so that one is not met again soon. */
int uid_take(struct ground *g, uint32_t *uid)
{
    enum { RANGE = UIDS - UID_FIRST - 1536 }; /* 64000 and up: nobody's, by many programs' habit */
    for (uint32_t i = 0; i < RANGE; i++) {
        uint32_t candidate = UID_FIRST + (g->uid_next + i) % RANGE;
        if (g->uids[candidate])
            continue;
        g->uids[candidate] = 1;
        g->uid_next = (g->uid_next + i + 1) % RANGE;
        *uid = candidate;
        return 0;
    }
    return -EAGAIN;
}

bool image_known(const struct ground *g, const char *name)
{
    for (size_t i = 0; i < g->image_count; i++)
        if (!strcmp(g->images[i], name))
            return true;
    return false;
}

static int send_order(struct box *b, const struct box_spec *spec, int far, struct error *err)
{
    struct order order = {
        .kind = ORDER_BOX,
        .flags = b->ground->order_flags,
        .cpu = (uint32_t)sched_getcpu(),
        .uid = b->uid,
        .cgroup_fds = (uint32_t)b->cgroup->count,
        .disk_bytes = spec->disk_bytes,
        .disk_files = spec->disk_files,
    };
    strcpy(order.image, spec->image);
    int fds[2 + CGROUP_FDS_MOST] = {far};
    size_t count = 1 + b->cgroup->count;
    memcpy(fds + 1, b->cgroup->enter, b->cgroup->count * sizeof(int));
    if (network_take(b->ground, &b->network)) {
        order.flags |= ORDER_NETWORK_GIVEN;
        fds[count++] = b->network.namespace;
    }
    b->asked_ns = clock_now_ns();
    int r = message_send(b->ground->maker, &order, sizeof order, fds, count);
    return r < 0 ? error_set(err, -r, "make box: order to the maker: %m") : 0;
}

static int make(struct box *b, const struct box_spec *spec, struct error *err)
{
    if (!image_known(b->ground, spec->image))
        return error_set(err, ENOENT, "make box: no image '%s' is mounted", spec->image);
    if (uid_take(b->ground, &b->uid) < 0)
        return error_set(err, EAGAIN, "make box: every uid is taken by a live box");
    int r = cgroup_make(b->ground->cgroups, &spec->cgroup, &b->cgroup, err);
    if (r < 0)
        return r;
    if ((r = cgroup_own(b->cgroup, b->ground->uid_base)) < 0)
        return error_set(err, -r, "make box: give cgroup.procs to T: %m");
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "make box: socketpair: %m");
    b->socket = pair[0];
    cleanup_fd int far = pair[1];
    return send_order(b, spec, far, err);
}

int box_make(struct ground *ground, const struct box_spec *spec, struct box **box, struct error *err)
{
    struct box *b = calloc(1, sizeof *b);
    if (!b)
        return error_set(err, ENOMEM, "make box: %m");
    b->ground = ground;
    b->socket = b->init = -1;
    b->network = (struct network){-1, -1};
    b->after = ground->boxes;
    if (b->after)
        b->after->before = b;
    ground->boxes = b;
    int r = make(b, spec, err);
    if (r < 0) {
        box_free(b);
        return r;
    }
    *box = b;
    return 0;
}

int box_fd(const struct box *box)
{
    return box->socket;
}
enum box_state box_state(const struct box *box)
{
    return box->state;
}
int box_init_fd(const struct box *box)
{
    return box->init;
}
size_t box_pending(const struct box *box)
{
    return box->pending;
}
bool box_is_lost(const struct box *box)
{
    return box->lost;
}
int box_oom_fd(const struct box *box)
{
    return box->cgroup->oom;
}

int box_check(struct box *b, struct error *err)
{
    if (b->checked)
        return 0;
    struct expectation want = {.uid = b->ground->uid_base + b->uid,
                               .inherited_filters = b->ground->inherited_filters,
                               .filtered = true,
                               .extra = INIT_SOCKET};
    int r = check_from_outside(b->init, &want, err);
    if (r < 0) {
        error_context(err, "box: init");
        b->state = BOX_DEAD;
        box_kill(b);
        return r;
    }
    b->checked = true;
    return 0;
}

static int take_done(struct box *b, const struct reply *reply, struct error *err)
{
    if (b->pending > 0)
        b->pending--;
    return reply->error ? error_set(err, reply->error, "box: request to init: %m") : 0;
}

int box_step(struct box *b, struct error *err)
{
    struct reply reply;
    int fds[2], r = reply_take(b->socket, "make box", &reply, fds, err);
    if (r <= 0) {
        b->state = BOX_DEAD;
        return r < 0 ? r : error_set(err, EPIPE, "box: its init died");
    }
    if (reply.kind == REPLY_DONE)
        return take_done(b, &reply, err);
    if (reply.kind == REPLY_BORN)
        b->init = fds[0];
    else if (reply.kind == REPLY_NETWORK)
        b->network = (struct network){fds[0], fds[1]};
    else if (reply.kind == REPLY_READY) {
        b->ready = true;
        b->times = reply;
    }
    if (b->kill_wanted && b->init >= 0)
        box_kill(b);
    if (b->ready && b->init >= 0 && b->state == BOX_MAKING)
        b->state = BOX_READY;
    return 0;
}

static int request(struct box *b, const struct request *q, int memfd, struct error *err)
{
    if (b->state != BOX_READY)
        return error_set(err, EINVAL, "box: it is not ready");
    int r = message_send(b->socket, q, sizeof *q, &memfd, memfd >= 0);
    if (r < 0)
        return error_set(err, -r, "box: request to init: %m");
    b->pending++;
    return 0;
}

int box_put_file(struct box *box, const char *name, unsigned mode, int memfd, uint64_t offset, uint64_t size,
                 struct error *err)
{
    struct request q = {.kind = REQUEST_FILE, .mode = mode, .offset = offset, .size = size};
    if (strlen(name) >= sizeof q.name)
        return error_set(err, ENAMETOOLONG, "box: file '%s': %m", name);
    strcpy(q.name, name);
    int r = memfd_check_sealed(memfd);
    return r < 0 ? error_set(err, -r, "box: file '%s': its memfd is not sealed", name)
                 : request(box, &q, memfd, err);
}

int box_clear(struct box *box, struct error *err)
{
    struct request q = {.kind = REQUEST_CLEAR};
    return request(box, &q, -1, err);
}

int box_set_limits(struct box *box, const struct cgroup_limits *limits, struct error *err)
{
    return cgroup_set_limits(box->cgroup, limits, err);
}

void box_close_entrance(struct box *box)
{
    cgroup_close_entrance(box->cgroup);
}

int box_usage(struct box *box, unsigned wanted, struct cgroup_usage *usage)
{
    cgroup_usage_of(box->cgroup, wanted, usage);
    return 0;
}

int box_usage_anew(struct box *box, struct cgroup_usage *usage)
{
    cgroup_usage_anew(box->cgroup, usage);
    return 0;
}

/* ---- wall 9: the end ---- */

void box_kill(struct box *b)
{
    b->kill_wanted = true;
    if (b->init >= 0 && !b->reaped)
        syscall(SYS_pidfd_send_signal, b->init, SIGKILL, NULL, 0);
}

/* When init is gone, zap_pid_ns_processes() has waited for all others (pid_namespaces(7)), so nothing runs.
 */
int box_reap(struct box *b, struct error *err)
{
    siginfo_t info = {0};
    if (!b->reaped && b->init >= 0) {
        int r = waitid(P_PIDFD, (id_t)b->init, &info, WEXITED | WNOHANG | __WALL);
        if (r < 0 && errno != ECHILD) /* that is: reaped before its pidfd came */
            return error_set(err, errno, "box: wait for init: %m");
        if (r == 0 && info.si_pid == 0) {
            if (b->lost) /* init cannot end before that is reaped: zap_pid_ns_processes() */
                ground_reap_strangers(b->ground);
            return error_set(err, EBUSY, "box: its init still lives");
        }
        b->reaped = true;
    }
    int r = cgroup_remove(b->cgroup);
    if (r < 0)
        return error_set(err, -r, "box: remove its group: %m");
    network_give_back(b->ground, &b->network);
    return 0;
}

void box_free(struct box *b)
{
    if (!b)
        return;
    if (b->before)
        b->before->after = b->after;
    else
        b->ground->boxes = b->after;
    if (b->after)
        b->after->before = b->before;
    if (b->uid)
        b->ground->uids[b->uid] = 0;
    close_fd(&b->socket);
    close_fd(&b->init);
    network_close(&b->network);
    cgroup_free(b->cgroup);
    free(b);
}
