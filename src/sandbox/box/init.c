/* The init of a box: pid 1, so that user code never is. It makes the box, drops everything, and then serves
 * two requests of the executor: write a file (before any user code runs, and as the run's own user, so the
 * host has no path into the work folder) and kill everything else. Orphans are reaped by the kernel, since it
 * ignores SIGCHLD (wait(2), notes). When it dies, so does all that is in its pid namespace. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#define X(step) {#step, step},
static const struct step steps[] = {BOX_STEPS(X)};
#undef X

static int make_folders(int work, char *name)
{
    for (char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int r = mkdirat(work, name, 0755);
        *slash = '/';
        if (r < 0 && errno != EEXIST)
            return -errno;
    }
    return 0;
}

static int copy_bytes(int from, uint64_t offset, uint64_t size, int to)
{
    static char chunk[65536];
    while (size > 0) {
        size_t n = size < sizeof chunk ? (size_t)size : sizeof chunk;
        int r = pread_all(from, chunk, n, (off_t)offset);
        if (r == 0)
            r = write_all(to, chunk, n);
        if (r < 0)
            return r;
        offset += n;
        size -= n;
    }
    return 0;
}

static int write_file(struct request *q, int memfd)
{
    q->name[sizeof q->name - 1] = 0;
    cleanup_fd int work = open("/work", O_DIRECTORY | O_RDONLY | O_CLOEXEC);
    if (work < 0)
        return -errno;
    int r = make_folders(work, q->name);
    if (r < 0)
        return r;
    struct open_how how = {.flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                           .mode = q->mode & 0777,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    cleanup_fd int file = (int)syscall(SYS_openat2, work, q->name, &how, sizeof how);
    if (file < 0)
        return -errno;
    return copy_bytes(memfd, q->offset, q->size, file);
}

/* kill(2): -1 reaches every process we may signal, not ourselves; ESRCH when there is none left. A process
 * that forks while it is being killed is met again on the next turn. */
static int kill_all(void)
{
    for (int turn = 0; turn < 5000; turn++) {
        if (kill(-1, SIGKILL) < 0)
            return errno == ESRCH ? 0 : -errno;
        nanosleep(&(struct timespec){0, turn < 20 ? 50000 : 1000000}, NULL);
    }
    return -EBUSY;
}

static void serve(struct request *q, int memfd)
{
    struct reply reply = {.kind = REPLY_DONE};
    int r = q->kind == REQUEST_FILE ? write_file(q, memfd) : q->kind == REQUEST_CLEAR ? kill_all() : -EINVAL;
    if (memfd >= 0)
        close(memfd); /* before the reply: from then on the executor may look at our descriptors */
    reply.error = -r;
    reply_send(INIT_SOCKET, &reply, NULL, 0);
}

/* Before it says that it stands, since from then on the executor allows it one descriptor only. */
static void give_network(struct making *m)
{
    struct reply reply = {.kind = REPLY_NETWORK};
    const int network[] = {m->network, m->network_sockets};
    reply_send(INIT_SOCKET, &reply, network, 2);
    close(m->network);
    close(m->network_sockets);
}

_Noreturn void box_init(struct making *m)
{
    static struct reply ready = {.kind = REPLY_READY};
    umask(022);
    if (signal(SIGCHLD, SIG_IGN) == SIG_ERR || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        fail(m->socket, "ignore signals", errno);
    do_steps(steps, array_length(steps), m, &ready);
    if (!(m->order.flags & ORDER_NETWORK_GIVEN))
        give_network(m);
    reply_send(INIT_SOCKET, &ready, NULL, 0);
    for (;;) {
        struct request q;
        int memfd = -1;
        size_t fds = 0;
        ssize_t k = message_receive(INIT_SOCKET, &q, sizeof q, &memfd, 1, &fds);
        if (k != sizeof q)
            _exit(k == 0 ? 0 : 1); /* the executor let go of the box: so its end has come */
        serve(&q, fds ? memfd : -1);
    }
}
