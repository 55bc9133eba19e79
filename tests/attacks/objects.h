/* Signals through every descriptor, and how the other side would see them: what two clones of one template share
 * would show here. */
#ifndef OBJECTS_H
#define OBJECTS_H
#include "runtime.h"
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>

enum { MARK = 0x5ec7e7, MARK_SECONDS = 987654, MARK_OFFSET = 0x5ec7, FDS_MOST = 1024 };
static const char mark_bytes[] = "phial-mark-5ec7e7";

struct seen {
    bool open;
    int flags, owner;
    off_t offset;
};

/* To all that is open but the run's own pipes. */
UNUSED static void signal_through_all(void)
{
    uint64_t mark = MARK;
    struct itimerspec timer = {.it_value = {MARK_SECONDS, 0}};
    static int ends[2];
    if (pipe(ends) < 0)
        return;
    for (int fd = 3; fd < FDS_MOST; fd++) {
        if (fd == ends[0] || fd == ends[1] || fcntl(fd, F_GETFD) < 0)
            continue;
        struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u64 = MARK};
        int flags = fcntl(fd, F_GETFL);
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
        epoll_ctl(fd, EPOLL_CTL_ADD, ends[1], &event);
        timerfd_settime(fd, 0, &timer, NULL);
        lseek(fd, MARK_OFFSET, SEEK_SET);
        if (write(fd, mark_bytes, sizeof mark_bytes) < 0)
            (void)!write(fd, &mark, sizeof mark); /* an eventfd takes nothing but eight bytes */
        fcntl(fd, F_SETOWN, getpid());
        fcntl(fd, F_SETFL, (flags ^ O_NONBLOCK) & ~O_ASYNC);
    }
    umask(0123);
    (void)!chdir("/usr");
}

UNUSED static void remember(struct seen *table)
{
    for (int fd = 0; fd < FDS_MOST; fd++) {
        table[fd].open = fcntl(fd, F_GETFD) >= 0;
        table[fd].flags = fcntl(fd, F_GETFL);
        table[fd].owner = fcntl(fd, F_GETOWN);
        table[fd].offset = lseek(fd, 0, SEEK_CUR);
    }
}

static bool fdinfo_shows_mark(int fd)
{
    char path[64], line[256];
    unsigned long long number = 0, seconds = 0;
    bool found = false;
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        found |= sscanf(line, "eventfd-count: %llx", &number) == 1 && number >= MARK && number < 2ULL * MARK;
        found |= sscanf(line, "it_value: (%llu,", &seconds) == 1 && seconds > MARK_SECONDS - 100 &&
                 seconds <= MARK_SECONDS;
        found |= sscanf(line, "tfd: %*d events: %*x data: %llx", &number) == 1 && number == MARK;
    }
    if (f)
        fclose(f);
    return found;
}

static bool bytes_show_mark(int fd)
{
    static char bytes[1 << 16];
    int waiting = 0;
    if (ioctl(fd, FIONREAD, &waiting) < 0 || waiting <= 0)
        return false;
    ssize_t n = read(fd, bytes, (size_t)waiting < sizeof bytes ? (size_t)waiting : sizeof bytes);
    return n > 0 && memmem(bytes, (size_t)n, mark_bytes, sizeof mark_bytes);
}

/* How many ways something came through since remember(); says each. */
UNUSED static int look_for_signals(const struct seen *table, void (*say)(const char *format, ...))
{
    int found = 0;
    char here[256] = "";
    for (int fd = 3; fd < FDS_MOST; fd++) {
        if (!table[fd].open || fcntl(fd, F_GETFD) < 0)
            continue;
        tried();
        if (fdinfo_shows_mark(fd))
            found++, say("descriptor %d: a count, timer or watch of the other's", fd);
        if (lseek(fd, 0, SEEK_CUR) != table[fd].offset && lseek(fd, 0, SEEK_CUR) == MARK_OFFSET)
            found++, say("descriptor %d: the other moved its offset", fd);
        if (fcntl(fd, F_GETFL) != table[fd].flags)
            found++, say("descriptor %d: flags were %o and are %o", fd, table[fd].flags, fcntl(fd, F_GETFL));
        if (fcntl(fd, F_GETOWN) != table[fd].owner)
            found++, say("descriptor %d: its owner is %d", fd, fcntl(fd, F_GETOWN));
        if (bytes_show_mark(fd))
            found++, say("descriptor %d: bytes of the other's", fd);
    }
    mode_t mask = umask(022);
    if (mask == 0123)
        found++, say("the other set its umask");
    if (getcwd(here, sizeof here) && !strcmp(here, "/usr"))
        found++, say("the other changed its folder");
    return found;
}
#endif
