/* The helper: some runtimes keep one child that starts programs for them, and reach it by a socket pair. A
 * clone has no child. It gets a fresh socket pair, and the helper is started when the runtime first speaks to
 * it: by the runtime's own thread, with its rights, as any program may start another. */
#include "template/engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum {
    HELPER_FD = 3,    /* where it expects its socket */
    HELPER_FAR = 999, /* where a clone keeps the other end for it */
};

static int count;
static pid_t child;

static void path_of(char *path, pid_t number, const char *file)
{
    text_add(number_add(text_add(path, "/proc/"), (uint64_t)number), file);
}

static int find_children(const char *name, int dir)
{
    char path[64];
    struct lines l;
    (void)dir;
    text_add(text_add(text_add(path, "/proc/self/task/"), name), "/children");
    if (lines_open(&l, path) < 0)
        return refuse(path, -1, "the kernel has none (CONFIG_PROC_CHILDREN)");
    const char *line = lines_next(&l);
    for (const char *at = line; at && *at >= '0' && *at <= '9'; at += *at == ' ') {
        child = (pid_t)number_read(at, 10, &at);
        count++;
    }
    lines_close(&l);
    return 0;
}

static int read_program(struct helper *h)
{
    char path[64];
    path_of(path, child, "/exe");
    ssize_t n = readlink(path, h->path, sizeof h->path - 1);
    if (n < 0)
        return refuse("child", child, "its program cannot be read");
    h->path[n] = 0;
    const char *name = h->path;
    for (const char *c = h->path; *c; c++)
        if (*c == '/')
            name = c + 1;
    return strcmp(name, h->name) != 0 || !*h->name ? refuse("child", child, h->path) : 0;
}

static int read_arguments(struct helper *h)
{
    char path[64];
    path_of(path, child, "/cmdline");
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, h->strings, sizeof h->strings - 1);
    if (n <= 0 || n == (ssize_t)sizeof h->strings - 1)
        return refuse("child", child, "its arguments cannot be read");
    size_t argc = 0;
    for (char *at = h->strings; at < h->strings + n; at += strlen(at) + 1) {
        if (argc == HELPER_ARGS_MOST)
            return refuse("child", child, "it has too many arguments");
        h->argv[argc++] = at;
    }
    h->number = child;
    return 0;
}

int helper_find(void)
{
    int r = for_each_entry("/proc/self/task", find_children);
    if (r < 0 || count == 0)
        return r;
    if (count > 1)
        return refuse("child", child, "it is not the only one");
    r = read_program(&engine.helper);
    return r < 0 ? r : read_arguments(&engine.helper);
}

int helper_prepare(const struct descriptor *d)
{
    int type = 0, domain = 0;
    socklen_t size = sizeof type;
    if (syscall(SYS_getsockopt, (long)d->fd, (long)SOL_SOCKET, (long)SO_TYPE, &type, &size) < 0 ||
        syscall(SYS_getsockopt, (long)d->fd, (long)SOL_SOCKET, (long)SO_DOMAIN, &domain, &size) < 0 ||
        type != SOCK_STREAM || domain != AF_UNIX)
        return refuse("descriptor", d->fd, "the helper's socket is no Unix stream");
    if (fcntl(HELPER_FAR, F_GETFD, 0L) >= 0)
        return refuse("descriptor", HELPER_FAR, "it is in use");
    engine.helper.far = HELPER_FAR;
    return 0;
}

/* ---- in a clone, released ---- */

/* In a child that shares our memory and has stopped us until it execs (vfork(2)). */
static _Noreturn void exec_helper(void *argument)
{
    const struct helper *h = argument;
    const uint64_t no_signals = 0;
    dup2(h->far, HELPER_FD);
    syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &no_signals, NULL, (long)sizeof no_signals);
    execve(h->path, h->argv, environ);
    _exit(127);
}

static void start(struct helper *h)
{
    static _Alignas(16) unsigned char stack[8192];
    const uint64_t all = ~UINT64_C(0);
    uint64_t kept;
    syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &all, &kept, (long)sizeof kept);
    (void)engine_clone_call(CLONE_VM | CLONE_VFORK | SIGCHLD, stack + sizeof stack, exec_helper, h);
    syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &kept, NULL, (long)sizeof kept);
    close(h->far);
}

/* The runtime calls this in place of the C library's: it is the moment at which the helper is needed. */
__attribute__((visibility("default"))) ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (engine.phase == ENGINE_LIVE && fd == engine.helper.fd &&
        __atomic_exchange_n(&engine.helper.wanted, 0, __ATOMIC_SEQ_CST))
        start(&engine.helper);
    return syscall(SYS_sendmsg, (long)fd, message, (long)flags);
}
