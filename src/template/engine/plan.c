/* The plan: every descriptor of the frozen process, and how a clone makes it anew. An open file, pipe, epoll
 * or eventfd that a clone kept would be one kernel object in the hands of all runs. */
#include "template/engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static char target_path[PATH_MOST_SHORT + 16];

static char *proc_path(char *path, const char *folder, int fd)
{
    number_add(text_add(path, folder), (uint64_t)fd);
    return path;
}

/* ---- one kind each ---- */

/* The image's files and the five devices. A folder or something writable would lead out of the box. */
static int plan_file(struct descriptor *d, mode_t mode)
{
    bool device = S_ISCHR(mode) && !strncmp(target_path, "/dev/", 5);
    if (!device && (!S_ISREG(mode) || (d->flags & O_ACCMODE) != O_RDONLY))
        return refuse("descriptor", d->fd, target_path);
    /* What proc shows under a path is another process's in a clone, or nobody's. */
    if (strlen(target_path) >= sizeof d->file.path || text_find(target_path, " (deleted)") ||
        !strncmp(target_path, "/proc/", 6) || d->flags & O_PATH)
        return refuse("descriptor", d->fd, target_path);
    d->kind = DESCRIPTOR_FILE;
    d->file.offset = device ? 0 : lseek(d->fd, 0, SEEK_CUR);
    strcpy(d->file.path, target_path);
    return 0;
}

static int plan_pipe(struct descriptor *d, mode_t mode)
{
    (void)mode;
    int access = d->flags & O_ACCMODE;
    d->kind = access == O_RDONLY ? DESCRIPTOR_PIPE_READ : DESCRIPTOR_PIPE_WRITE;
    d->pipe.peer = -1;
    return access == O_RDWR ? refuse("descriptor", d->fd, "a pipe with both ends in one") : 0;
}

/* Reads numbers out of the descriptor's fdinfo. */
struct info_field {
    const char *key;
    unsigned base;
    uint64_t *value;
    bool found;
};

static int read_info(int fd, struct info_field *fields, size_t count)
{
    char path[48];
    struct lines l;
    char *line;
    if (lines_open(&l, proc_path(path, "/proc/self/fdinfo/", fd)) < 0)
        return refuse("descriptor", fd, "its fdinfo cannot be read");
    while ((line = lines_next(&l)))
        for (size_t i = 0; i < count; i++)
            fields[i].found |= number_after(line, fields[i].key, fields[i].base, fields[i].value);
    lines_close(&l);
    for (size_t i = 0; i < count; i++)
        if (!fields[i].found)
            return refuse("descriptor", fd, fields[i].key);
    return 0;
}

static int plan_event(struct descriptor *d, mode_t mode)
{
    (void)mode;
    uint64_t semaphore = 0;
    struct info_field fields[] = {{"eventfd-count:", 16, &d->event.count, false},
                                  {"eventfd-semaphore:", 10, &semaphore, false}};
    d->kind = DESCRIPTOR_EVENT;
    int r = read_info(d->fd, fields, array_length(fields));
    d->event.semaphore = semaphore != 0;
    return r;
}

/* One that has fired and was not read fires at once in a clone. */
static int plan_timer(struct descriptor *d, mode_t mode)
{
    (void)mode;
    uint64_t clock = 0, ticks = 0;
    struct info_field fields[] = {{"clockid:", 10, &clock, false}, {"ticks:", 10, &ticks, false}};
    d->kind = DESCRIPTOR_TIMER;
    int r = read_info(d->fd, fields, array_length(fields));
    if (r == 0 && timerfd_gettime(d->fd, &d->timer.left) < 0)
        r = refuse("descriptor", d->fd, "timerfd_gettime() failed");
    d->timer.clock = (int)clock;
    if (r == 0 && ticks)
        d->timer.left.it_value = (struct timespec){0, 1};
    return r;
}

static int plan_epoll_kind(struct descriptor *d, mode_t mode)
{
    (void)mode;
    d->kind = DESCRIPTOR_EPOLL;
    return 0; /* its entries when all descriptors are known */
}

static int plan_helper(struct descriptor *d, mode_t mode)
{
    (void)mode;
    if (engine.helper.number == 0 || engine.helper.fd >= 0)
        return refuse("descriptor", d->fd, "a socket");
    d->kind = DESCRIPTOR_HELPER;
    engine.helper.fd = d->fd;
    return 0;
}

static const struct {
    const char *link; /* what proc shows begins like this */
    int (*plan)(struct descriptor *d, mode_t mode);
} kinds[] = {
    {"/", plan_file},
    {"pipe:[", plan_pipe},
    {"anon_inode:[eventfd]", plan_event},
    {"anon_inode:[timerfd]", plan_timer},
    {"anon_inode:[eventpoll]", plan_epoll_kind},
    {"socket:[", plan_helper},
};

/* ---- all ---- */

/* Locks are not inherited, and who gets a signal for the file would not be the clone (fork(2)). */
static int inspect_flags(const struct descriptor *d)
{
    char path[48];
    struct lines l;
    char *line;
    int r = 0;
    if (lines_open(&l, proc_path(path, "/proc/self/fdinfo/", d->fd)) < 0)
        return refuse("descriptor", d->fd, "its fdinfo cannot be read");
    while (r == 0 && (line = lines_next(&l)))
        if (!strncmp(line, "lock:", 5))
            r = refuse("descriptor", d->fd, "a file lock");
    lines_close(&l);
    return r == 0 && d->flags & O_ASYNC ? refuse("descriptor", d->fd, "it sends signals (O_ASYNC)") : r;
}

static int describe(struct descriptor *d)
{
    char path[48];
    struct stat s;
    ssize_t n = readlink(proc_path(path, "/proc/self/fd/", d->fd), target_path, sizeof target_path - 1);
    int flags = fcntl(d->fd, F_GETFL, 0L), own = fcntl(d->fd, F_GETFD, 0L);
    if (n < 0 || flags < 0 || own < 0 || fstat(d->fd, &s) < 0)
        return refuse("descriptor", d->fd, "cannot be looked at");
    target_path[n] = 0;
    d->flags = flags;
    d->close_on_exec = own & FD_CLOEXEC;
    d->device = s.st_dev;
    d->inode = s.st_ino;
    if ((uint32_t)d->fd < engine.standard_fds)
        return 0; /* DESCRIPTOR_STANDARD */
    for (size_t i = 0; i < array_length(kinds); i++)
        if (!strncmp(target_path, kinds[i].link, strlen(kinds[i].link))) {
            int r = kinds[i].plan(d, s.st_mode);
            return r < 0 ? r : inspect_flags(d);
        }
    return refuse("descriptor", d->fd, target_path);
}

static int add_descriptor(const char *name, int dir)
{
    int fd = (int)number_read(name, 10, NULL);
    if (fd == dir || fd == TEMPLATE_SOCKET)
        return 0;
    if (engine.plan_count == DESCRIPTORS_MOST)
        return refuse("descriptors", DESCRIPTORS_MOST, "there are more");
    struct descriptor *d = &engine.plan[engine.plan_count++];
    d->fd = fd;
    return describe(d);
}

/* Two numbers of one open file would be two files in a clone. kcmp(2) knows them. */
static int refuse_doubles(void)
{
    for (size_t i = 0; i < engine.plan_count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct descriptor *a = &engine.plan[i], *b = &engine.plan[j];
            if (a->kind == DESCRIPTOR_STANDARD || a->inode != b->inode || a->device != b->device)
                continue;
            long own = syscall(SYS_getpid);
            long same = syscall(SYS_kcmp, own, own, (long)KCMP_FILE, (long)a->fd, (long)b->fd);
            if (same <= 0)
                return refuse("descriptor", a->fd,
                              same < 0 ? "kcmp() failed" : "it is another's duplicate (dup)");
        }
    return 0;
}

static int pair_pipes(void)
{
    for (size_t i = 0; i < engine.plan_count; i++)
        for (size_t j = 0; j < engine.plan_count; j++) {
            struct descriptor *a = &engine.plan[i], *b = &engine.plan[j];
            if (a->kind == DESCRIPTOR_PIPE_READ && b->kind == DESCRIPTOR_PIPE_WRITE && a->inode == b->inode) {
                a->pipe.peer = (int)j;
                b->pipe.peer = (int)i;
            }
        }
    for (size_t i = 0; i < engine.plan_count; i++) {
        const struct descriptor *d = &engine.plan[i];
        if ((d->kind == DESCRIPTOR_PIPE_READ || d->kind == DESCRIPTOR_PIPE_WRITE) && d->pipe.peer < 0)
            return refuse("descriptor", d->fd, "a pipe whose other end is not here");
    }
    return 0;
}

/* Bytes that wait in a pipe of the runtime's own are taken out: nobody reads it any more. */
static int keep_pipe_bytes(struct descriptor *d)
{
    int waiting = 0;
    if (ioctl(d->fd, FIONREAD, &waiting) < 0 || waiting < 0 ||
        (size_t)waiting > sizeof engine.pipe_bytes - engine.pipe_byte_count)
        return refuse("descriptor", d->fd, "too much waits in the pipe");
    d->pipe.at = (uint32_t)engine.pipe_byte_count;
    d->pipe.size = (uint32_t)waiting;
    if (waiting > 0 && read(d->fd, engine.pipe_bytes + d->pipe.at, (size_t)waiting) != waiting)
        return refuse("descriptor", d->fd, "what waits in the pipe cannot be read");
    engine.pipe_byte_count += (size_t)waiting;
    return 0;
}

/* What every clone will have, for the look from outside. */
static void report_descriptor(int fd)
{
    if (fd < 8 * (int)sizeof engine.report.fds) {
        engine.report.fds[fd / 8] |= (uint8_t)(1 << fd % 8);
        engine.report.fd_count++;
    }
}

int plan_make(void)
{
    int r = for_each_entry("/proc/self/fd", add_descriptor);
    if (r == 0)
        r = refuse_doubles();
    if (r == 0)
        r = pair_pipes();
    for (size_t i = 0; r == 0 && i < engine.plan_count; i++) {
        struct descriptor *d = &engine.plan[i];
        if (d->fd >= 8 * (int)sizeof engine.report.fds)
            r = refuse("descriptor", d->fd, "its number is too high");
        else if (d->kind == DESCRIPTOR_PIPE_READ)
            r = keep_pipe_bytes(d);
        else if (d->kind == DESCRIPTOR_EPOLL)
            r = plan_epoll(d);
        else if (d->kind == DESCRIPTOR_HELPER)
            r = helper_prepare(d);
        report_descriptor(d->fd);
    }
    if (r == 0 && engine.helper.far >= 0)
        report_descriptor(engine.helper.far);
    return r;
}
