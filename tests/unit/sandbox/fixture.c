/* The program that the sandbox's tests run in a box: it does what its first argument says. Static, since the
 * tests' image holds nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A child of a session of its own, as a daemon is; it outlives us unless somebody ends it. */
static int leave_daemon(void)
{
    if (fork() == 0) {
        setsid();
        signal(SIGTERM, SIG_IGN);
        for (;;)
            pause();
    }
    return 0;
}

static int fill_memory(void)
{
    for (;;) {
        char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return 3;
        memset(p, 1, 1 << 20);
    }
}

static int fork_until_refused(void)
{
    for (int i = 0; i < 1000; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return errno == EAGAIN ? i : 255;
        if (pid == 0)
            for (;;)
                pause();
    }
    return 254;
}

static int fill_disk(void)
{
    static char chunk[65536];
    int fd = open("full", O_WRONLY | O_CREAT, 0600);
    long written = 0;
    for (ssize_t k; (k = write(fd, chunk, sizeof chunk)) > 0;)
        written += k;
    return errno == ENOSPC ? (int)(written >> 16) : 255;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "exit"))
        return atoi(argv[2]);
    if (!strcmp(what, "signal"))
        return raise(atoi(argv[2]));
    if (!strcmp(what, "print"))
        return printf("%s %s %d\n", argv[2], getenv("NAME"), (int)getpid()) < 0;
    if (!strcmp(what, "cat")) {
        char text[256];
        int fd = open(argv[2], O_RDONLY);
        ssize_t k = read(fd, text, sizeof text);
        return k < 0 || write(1, text, (size_t)k) != k;
    }
    if (!strcmp(what, "exists"))
        return access(argv[2], F_OK) == 0;
    if (!strcmp(what, "daemon"))
        return leave_daemon();
    if (!strcmp(what, "memory"))
        return fill_memory();
    if (!strcmp(what, "forks"))
        return fork_until_refused();
    if (!strcmp(what, "disk"))
        return fill_disk();
    if (!strcmp(what, "kill-all"))
        return kill(-1, SIGKILL) < 0 && errno != ESRCH;
    for (;;)
        pause();
}
