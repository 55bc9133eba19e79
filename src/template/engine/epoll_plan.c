/* What an epoll watches, from its fdinfo: "tfd: 5 events: 19 data: 5 pos:0 ino:1f sdev:d" (proc(5)). */
#include "template/engine/engine.h"

#include <linux/kcmp.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

static const struct descriptor *find(int fd)
{
    for (size_t i = 0; i < engine.plan_count; i++)
        if (engine.plan[i].fd == fd)
            return &engine.plan[i];
    return NULL;
}

static uint64_t field(const char *line, const char *key, unsigned base)
{
    const char *at = text_find(line, key);
    return at ? number_read(at + strlen(key), base, NULL) : UINT64_MAX;
}

/* The kernel remembers the number under which a file was added, and keeps the entry while the file is open
 * under any (epoll(7), question 6): then the number may mean another file by now, and all eventfds and their
 * like have one inode. kcmp(2) compares with the n-th entry of that number, in the order of the fdinfo. */
static bool is_watched(const struct descriptor *epoll, int fd)
{
    struct kcmp_epoll_slot slot = {.efd = (uint32_t)epoll->fd, .tfd = (uint32_t)fd};
    long own = syscall(SYS_getpid);
    for (size_t i = epoll->epoll.at; i < engine.watch_count; i++)
        slot.toff += engine.watches[i].fd == fd;
    return syscall(SYS_kcmp, own, own, (long)KCMP_EPOLL_TFD, (long)fd, &slot) == 0;
}

static int add_watch(const struct descriptor *epoll, const char *line)
{
    struct watch *w = &engine.watches[engine.watch_count];
    if (engine.watch_count == WATCHES_MOST)
        return refuse("descriptor", epoll->fd, "it watches too much");
    *w = (struct watch){(int)field(line, "tfd:", 10), (uint32_t)field(line, "events:", 16),
                        field(line, "data:", 16)};
    if (!find(w->fd) || !is_watched(epoll, w->fd))
        return refuse("descriptor", epoll->fd, "it watches a file that has lost its number");
    /* A one-shot entry that has fired: added anew, it could fire again (ep_modify() and EPOLL_CTL_ADD always
     * watch for errors). */
    if (!(w->events & ~(uint32_t)(EPOLLONESHOT | EPOLLET | EPOLLWAKEUP | EPOLLEXCLUSIVE)))
        return refuse("descriptor", epoll->fd, "it holds a one-shot entry that has fired");
    engine.watch_count++;
    return 0;
}

int plan_epoll(struct descriptor *d)
{
    char path[48];
    struct lines l;
    char *line;
    int r = 0;
    number_add(text_add(path, "/proc/self/fdinfo/"), (uint64_t)d->fd);
    d->epoll.at = (uint32_t)engine.watch_count;
    if (lines_open(&l, path) < 0)
        return refuse("descriptor", d->fd, "its fdinfo cannot be read");
    while (r == 0 && (line = lines_next(&l)))
        if (!strncmp(line, "tfd:", 4))
            r = add_watch(d, line);
    lines_close(&l);
    d->epoll.count = (uint32_t)engine.watch_count - d->epoll.at;
    return r;
}
