/* Starting and ending an executor, from outside: slot, sockets, clone, first report, end. */
#include "executor/server.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { SLOTS = 64 };
#define SLOTS_FOLDER "/run/phial/slots"

/* Where the new process finds what it needs; everything above is closed. */
enum { CHILD_CONTROL = 3, CHILD_CLIENT = 4, CHILD_LOCK = 5, CHILD_FDS = 6 };

/* ---- the slot ---- */

static int make_folder(const char *path, mode_t mode, struct error *err)
{
    if (mkdir(path, mode) < 0 && errno != EEXIST)
        return error_set(err, errno, "make %s: %m", path);
    return 0;
}

/* A slot names cgroups and user ids, which are the host's, so its lock is the same file for every executor,
 * whatever its settings. It is held by an open file: it goes with the last process that has it, the executor
 * included. */
static int take_slot(unsigned *slot, int *lock, struct error *err)
{
    char path[64];
    int r = make_folder("/run/phial", 0755, err);
    if (r < 0 || (r = make_folder(SLOTS_FOLDER, 0700, err)) < 0)
        return r;
    for (unsigned i = 0; i < SLOTS; i++) {
        snprintf(path, sizeof path, SLOTS_FOLDER "/%u", i);
        cleanup_fd int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return error_set(err, errno, "open %s: %m", path);
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            *slot = i;
            *lock = steal_fd(&fd);
            return 0;
        }
        if (errno != EWOULDBLOCK)
            return error_set(err, errno, "lock %s: %m", path);
    }
    return error_set(err, EBUSY, "%d executors are running already (" SLOTS_FOLDER ")", SLOTS);
}

/* ---- the new process ---- */

/* Moves fds[i] to number CHILD_CONTROL + i and closes all others but the standard ones. */
static int arrange_fds(const int fds[static 3])
{
    int high[3];
    for (int i = 0; i < 3; i++)
        if ((high[i] = fcntl(fds[i], F_DUPFD, 64)) < 0)
            return -errno;
    for (int i = 0; i < 3; i++)
        if (dup3(high[i], CHILD_CONTROL + i, O_CLOEXEC) < 0)
            return -errno;
    if (syscall(SYS_close_range, CHILD_FDS, ~0U, 0) < 0)
        return -errno;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0)
        return -errno;
    close(null);
    return 0;
}

/* What the caller has set for itself is not for us: its handlers would run here. */
static void reset_signals(void)
{
    sigset_t none;
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void child(const struct settings *settings, const char *language, unsigned slot,
                            const int fds[static 3])
{
    reset_signals();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "phial-executor");
    setsid();
    int r = arrange_fds(fds);
    if (r < 0) {
        control_report(fds[0], -r, "arrange descriptors");
        _exit(1);
    }
    _exit(executor_main(settings, language, slot, CHILD_CONTROL, CHILD_CLIENT));
}

/* ---- the caller's side ---- */

int executor_spawn(struct executor_process *process, const struct settings *settings, struct error *err)
{
    return executor_spawn_for(process, settings, NULL, err);
}

int executor_spawn_for(struct executor_process *process, const struct settings *settings,
                       const char *language, struct error *err)
{
    int control[2], client[2], pidfd = -1;
    unsigned slot = 0;
    cleanup_fd int lock = -1;
    int r = cgroup_leave_root(err);
    if (r < 0)
        return error_context(err, "start the executor");
    r = take_slot(&slot, &lock, err);
    if (r < 0)
        return error_context(err, "start the executor");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
        return error_set(err, errno, "start the executor: socketpair: %m");
    cleanup_fd int control_near = control[0], control_far = control[1];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, client) < 0)
        return error_set(err, errno, "start the executor: socketpair: %m");
    cleanup_fd int client_near = client[0], client_far = client[1];
    struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_PIDFD,
                              .pidfd = (uintptr_t)&pidfd,
                              .exit_signal = SIGCHLD};
    fflush(NULL);
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0)
        child(settings, language, slot, (int[]){control_far, client_far, lock});
    if (pid < 0)
        return error_set(err, errno, "start the executor: clone: %m%s",
                         errno == EPERM ? " (phial must run as root here)" : "");
    *process = (struct executor_process){.pidfd = pidfd,
                                         .control = steal_fd(&control_near),
                                         .client = steal_fd(&client_near),
                                         .pid = pid,
                                         .slot = slot,
                                         .lock = steal_fd(&lock)};
    return 0;
}

int control_report(int control, int code, const char *text)
{
    struct packer p = {0};
    pack_u8(&p, code == 0 ? 'r' : 'e');
    pack_u32(&p, (uint32_t)code);
    pack_bytes(&p, text, strnlen(text, 1000));
    int r = p.failed ? -ENOMEM : message_send(control, p.data, p.size, NULL, 0);
    packer_free(&p);
    return r;
}

int executor_wait_ready(struct executor_process *process, uint64_t timeout_ms, struct error *err)
{
    uint64_t end = clock_now_ns() + timeout_ms * 1000000;
    struct pollfd poll_fd = {process->control, POLLIN, 0};
    for (;;) {
        uint64_t now = clock_now_ns();
        int left = now < end ? (int)((end - now) / 1000000 + 1) : 0;
        int n = poll(&poll_fd, 1, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, errno, "wait for the executor: %m");
        if (n == 0)
            return error_set(err, ETIMEDOUT, "the executor was not ready within %llu ms",
                             (unsigned long long)timeout_ms);
        break;
    }
    uint8_t packet[1200];
    ssize_t n = message_receive(process->control, packet, sizeof packet, NULL, 0, NULL);
    struct unpacker u = {.data = packet, .size = n > 0 ? (size_t)n : 0};
    uint8_t kind = unpack_u8(&u);
    uint32_t code = unpack_u32(&u);
    cleanup_free char *text = unpack_string(&u, 1000);
    if (!unpack_done(&u))
        return error_set(err, EIO, "the executor died while it started");
    return kind == 'r' ? 0 : error_set(err, code > 0 && code < 4096 ? (int)code : EIO, "%s", text);
}

void executor_stop(struct executor_process *process)
{
    struct error err;
    siginfo_t info;
    if (process->pidfd < 0)
        return;
    syscall(SYS_pidfd_send_signal, process->pidfd, SIGKILL, NULL, 0);
    /* With this process, init of its namespace, the kernel kills every run. */
    while (waitid(P_PIDFD, (id_t)process->pidfd, &info, WEXITED) < 0 && errno == EINTR)
        ;
    if (cgroup_sweep(process->slot, &err) < 0)
        log_warning("executor", "%s", err.text);
    close_fd(&process->pidfd);
    close_fd(&process->control);
    close_fd(&process->client);
    close_fd(&process->lock);
}
