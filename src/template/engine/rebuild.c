/* Descriptors of a clone, each made anew at its number. What came with the order stands at numbers that were
 * free, and so never where one of the plan's belongs. */
#include "template/engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* Puts `fresh` (taken) at the number; what stood there, the template's, goes with it. */
static int put(int fresh, const struct descriptor *d)
{
    if (fresh < 0)
        return -errno;
    if (dup3(fresh, d->fd, d->close_on_exec ? O_CLOEXEC : 0) < 0)
        return -errno;
    close(fresh);
    return 0;
}

static int set_nonblocking(const struct descriptor *d)
{
    int flags = d->flags & O_NONBLOCK ? fcntl(d->fd, F_GETFL, 0L) : 0;
    if (flags < 0 || (d->flags & O_NONBLOCK && fcntl(d->fd, F_SETFL, (long)(flags | O_NONBLOCK)) < 0))
        return -errno;
    return 0;
}

static int make_standard(const struct descriptor *d, struct making *m)
{
    if ((uint32_t)d->fd >= m->order.program_fds)
        return -EINVAL;
    int r = put(m->program[d->fd], d);
    m->program[d->fd] = -1;
    return r < 0 ? r : set_nonblocking(d);
}

/* By its path in the box, which is the same image's. */
static int make_file(const struct descriptor *d, struct making *m)
{
    (void)m;
    int r = put(open(d->file.path, d->flags & (O_ACCMODE | O_NONBLOCK)), d);
    if (r == 0 && d->file.offset > 0 && lseek(d->fd, d->file.offset, SEEK_SET) < 0)
        r = -errno;
    return r;
}

static int make_pipe(const struct descriptor *d, struct making *m)
{
    (void)m;
    const struct descriptor *writer = &engine.plan[d->pipe.peer];
    int ends[2];
    if (pipe2(ends, 0) < 0)
        return -errno;
    if (d->pipe.size > 0 && write(ends[1], engine.pipe_bytes + d->pipe.at, d->pipe.size) != d->pipe.size)
        return -EIO;
    int r = put(ends[0], d);
    if (r == 0)
        r = put(ends[1], writer);
    if (r == 0)
        r = set_nonblocking(d);
    return r < 0 ? r : set_nonblocking(writer);
}

static int make_event(const struct descriptor *d, struct making *m)
{
    (void)m;
    int flags = (d->flags & O_NONBLOCK ? EFD_NONBLOCK : 0) | (d->event.semaphore ? EFD_SEMAPHORE : 0);
    int fresh = eventfd(0, flags);
    if (fresh >= 0 && d->event.count > 0 && write(fresh, &d->event.count, sizeof d->event.count) < 0)
        return -errno;
    return put(fresh, d);
}

/* The time since the freeze has passed for the clone too. */
static struct itimerspec time_left(const struct itimerspec *then)
{
    struct itimerspec left = *then;
    struct timespec now;
    if (!left.it_value.tv_sec && !left.it_value.tv_nsec)
        return left;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t ns = (left.it_value.tv_sec - (now.tv_sec - engine.frozen_at.tv_sec)) * INT64_C(1000000000) +
                 left.it_value.tv_nsec - (now.tv_nsec - engine.frozen_at.tv_nsec);
    if (ns < 1)
        ns = 1;
    left.it_value = (struct timespec){ns / 1000000000, ns % 1000000000};
    return left;
}

static int make_timer(const struct descriptor *d, struct making *m)
{
    (void)m;
    struct itimerspec left = time_left(&d->timer.left);
    int fresh = timerfd_create(d->timer.clock, d->flags & O_NONBLOCK ? TFD_NONBLOCK : 0);
    if (fresh >= 0 && timerfd_settime(fresh, 0, &left, NULL) < 0)
        return -errno;
    return put(fresh, d);
}

static int make_epoll(const struct descriptor *d, struct making *m)
{
    (void)m;
    return put(epoll_create1(0), d);
}

static int make_with_peer(const struct descriptor *d, struct making *m)
{
    (void)d;
    (void)m;
    return 0;
}

static int make_helper(const struct descriptor *d, struct making *m)
{
    (void)m;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return -errno;
    int r = put(ends[0], d);
    if (r == 0 && dup3(ends[1], engine.helper.far, O_CLOEXEC) < 0)
        r = -errno;
    close(ends[1]);
    engine.helper.wanted = 1;
    return r < 0 ? r : set_nonblocking(d);
}

static int (*const makers[])(const struct descriptor *d, struct making *m) = {
    [DESCRIPTOR_STANDARD] = make_standard, [DESCRIPTOR_FILE] = make_file,
    [DESCRIPTOR_PIPE_READ] = make_pipe,    [DESCRIPTOR_PIPE_WRITE] = make_with_peer,
    [DESCRIPTOR_EVENT] = make_event,       [DESCRIPTOR_TIMER] = make_timer,
    [DESCRIPTOR_EPOLL] = make_epoll,       [DESCRIPTOR_HELPER] = make_helper,
};

/* When all are there: an epoll may watch another. */
static int watch_again(const struct descriptor *d)
{
    for (uint32_t i = 0; i < d->epoll.count; i++) {
        const struct watch *w = &engine.watches[d->epoll.at + i];
        struct epoll_event e = {.events = w->events, .data.u64 = w->data};
        if (epoll_ctl(d->fd, EPOLL_CTL_ADD, w->fd, &e) < 0)
            return -errno;
    }
    return 0;
}

/* What led to the box and to the executor. The gate alone stays, until it is open. */
static void close_rest(struct making *m)
{
    close(TEMPLATE_SOCKET);
    for (uint32_t i = 0; i < m->order.cgroup_fds; i++)
        close(m->cgroup[i]);
    close_fd(&m->init);
    for (uint32_t i = 0; i < m->order.program_fds; i++)
        close_fd(&m->program[i]); /* of those that the runtime has closed */
}

int rebuild_descriptors(struct making *m)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < engine.plan_count; i++)
        r = makers[engine.plan[i].kind](&engine.plan[i], m);
    for (size_t i = 0; r == 0 && i < engine.plan_count; i++)
        if (engine.plan[i].kind == DESCRIPTOR_EPOLL)
            r = watch_again(&engine.plan[i]);
    close_rest(m);
    return r;
}
