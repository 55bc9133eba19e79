/* How the supervisor starts, joins and buries its two children. */
#include "cli/supervisor.h"
#include "frontend/frontend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { STABLE_MS = 30000, REPORT_TIMEOUT_MS = 5000, EXIT_TIMEOUT_MS = 2000 };

static const uint64_t million = 1000000;

/* ---- deaths ---- */

/* Decides when a child that died may be started again: 0, 100 ms, 1 s, then every 5 s, so that a child that
 * cannot live does not eat the machine. One that had lived for long starts afresh. */
static void count_death(struct child *child)
{
    static const uint64_t wait_ms[] = {0, 100, 1000, 5000};
    uint64_t now = clock_now_ns();
    if (now - child->started_ns > STABLE_MS * million)
        child->deaths = 0;
    size_t i = child->deaths < array_length(wait_ms) ? child->deaths : array_length(wait_ms) - 1;
    child->deaths++;
    child->restart_ns = now + wait_ms[i] * million;
    child->state = CHILD_DOWN;
}

static bool may_start(const struct child *child)
{
    return child->state == CHILD_DOWN && clock_now_ns() >= child->restart_ns;
}

static void log_end(const char *name, pid_t pid, const siginfo_t *end)
{
    const char *signal = end->si_code == CLD_EXITED ? NULL : sigabbrev_np(end->si_status);
    if (end->si_code == CLD_EXITED)
        log_error("serve", "the %s (pid %d) exited with code %d", name, pid, end->si_status);
    else
        log_error("serve", "the %s (pid %d) was ended by SIG%s", name, pid, signal ? signal : "?");
}

/* ---- joining the two ---- */

static int send_control(int control, char byte, int fd)
{
    return message_send(control, &byte, 1, &fd, fd >= 0 ? 1 : 0);
}

/* Gives the executor's waiting client socket to the frontend. */
static void join(struct supervisor *s)
{
    if (s->executor.client < 0 || s->executor_child.state != CHILD_READY || s->frontend_control < 0)
        return;
    int r = send_control(s->frontend_control, 'e', s->executor.client);
    if (r < 0)
        log_error("serve", "tell the frontend of the executor: %s", strerror(-r));
    close_fd(&s->executor.client);
}

/* A new pair of sockets, since the old client's end died with it. */
static void renew_client(struct supervisor *s)
{
    int pair[2];
    close_fd(&s->executor.client);
    if (s->executor_child.state == CHILD_DOWN)
        return;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        log_error("serve", "socketpair: %s", strerror(errno));
        return;
    }
    int r = send_control(s->executor.control, 'c', pair[1]);
    if (r < 0)
        log_error("serve", "tell the executor of the frontend: %s", strerror(-r));
    close(pair[1]);
    s->executor.client = pair[0];
}

/* ---- the executor ---- */

void start_executor(struct supervisor *s)
{
    if (!may_start(&s->executor_child))
        return;
    struct error err = {0};
    if (s->executor_child.deaths > 0)
        log_info("serve", "starting the executor again");
    s->executor_child.started_ns = clock_now_ns();
    s->executor = (struct executor_process){.pidfd = -1, .control = -1, .client = -1, .lock = -1};
    if (executor_spawn(&s->executor, &s->settings, &err) < 0) {
        log_error("serve", "start the executor: %s", err.text);
        if (!s->announced)
            s->failure = err;
        count_death(&s->executor_child);
        return;
    }
    s->executor_child.state = CHILD_STARTING;
}

void executor_reported(struct supervisor *s)
{
    struct error err = {0};
    if (executor_wait_ready(&s->executor, REPORT_TIMEOUT_MS, &err) < 0) {
        log_error("serve", "start the executor: %s", err.text);
        if (!s->announced)
            s->failure = err;
        executor_stop(&s->executor);
        count_death(&s->executor_child);
        return;
    }
    s->executor_child.state = CHILD_READY;
    join(s);
}

void executor_died(struct supervisor *s)
{
    siginfo_t end = {0};
    /* WNOWAIT: executor_stop() reaps it. */
    if (waitid(P_PIDFD, (id_t)s->executor.pidfd, &end, WEXITED | WNOWAIT | __WALL) == 0)
        log_end("executor", s->executor.pid, &end);
    bool starting = s->executor_child.state == CHILD_STARTING;
    executor_stop(&s->executor);
    count_death(&s->executor_child);
    if (starting && !s->announced && !s->failure.code)
        error_set(&s->failure, ECHILD, "the executor died while it started");
}

/* ---- the frontend ---- */

/* The child keeps its standard descriptors and what frontend_main() is given, nothing else of the
 * supervisor's. */
static void close_others(const struct supervisor *s)
{
    const int others[] = {s->signals,        s->executor.control, s->executor.pidfd, s->executor.lock,
                          s->frontend_pidfd, s->frontend_control, s->watch};
    for (size_t i = 0; i < array_length(others); i++)
        if (others[i] >= 0)
            close(others[i]);
}

static int frontend_child_main(struct supervisor *s, int control, pid_t parent)
{
    int fds[LISTENERS_MOST];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); /* a terminal's Ctrl-C is for the supervisor, which drains */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        return EXIT_FAILURE;
    close_others(s);
    if (write_file_at(AT_FDCWD, "/proc/self/oom_score_adj", "0", NULL) < 0)
        log_warning("frontend", "could not take back the supervisor's oom_score_adj");
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    for (size_t i = 0; i < s->listeners.count; i++)
        fds[i] = s->listeners.items[i].fd;
    struct frontend_options options = {
        .settings = &s->settings,
        .languages = &s->languages,
        .listeners = fds,
        .listener_count = s->listeners.count,
        .executor = s->executor_child.state == CHILD_READY ? s->executor.client : -1,
        .control = control,
    };
    if (options.executor < 0)
        close_fd(&s->executor.client);
    return frontend_main(&options);
}

void start_frontend(struct supervisor *s)
{
    if (!may_start(&s->frontend_child))
        return;
    if (s->frontend_child.deaths > 0)
        log_info("serve", "starting the frontend again");
    s->frontend_child.started_ns = clock_now_ns();
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        log_error("serve", "start the frontend: socketpair: %s", strerror(errno));
        count_death(&s->frontend_child);
        return;
    }
    pid_t parent = getpid();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(pair[0]);
        _exit(frontend_child_main(s, pair[1], parent));
    }
    int code = errno;
    close(pair[1]);
    if (pid < 0) {
        log_error("serve", "start the frontend: fork: %s", strerror(code));
        close(pair[0]);
        count_death(&s->frontend_child);
        return;
    }
    s->frontend_pid = pid;
    s->frontend_pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    s->frontend_control = pair[0];
    s->frontend_child.state = CHILD_STARTING;
    if (s->executor_child.state == CHILD_READY)
        close_fd(&s->executor.client); /* the child has it */
}

void frontend_reported(struct supervisor *s)
{
    char byte;
    size_t count = 0;
    ssize_t n = message_receive(s->frontend_control, &byte, 1, NULL, 0, &count);
    if (n <= 0) {
        close_fd(&s->frontend_control); /* its pidfd tells the rest */
        return;
    }
    if (byte == 'r')
        s->frontend_child.state = CHILD_READY;
    else if (byte == 'D')
        s->drained = true;
    else
        log_warning("serve", "the frontend said something unknown: %d", byte);
}

static void bury_frontend(struct supervisor *s, siginfo_t *end)
{
    *end = (siginfo_t){0};
    waitid(P_PID, (id_t)s->frontend_pid, end, WEXITED);
    close_fd(&s->frontend_pidfd);
    close_fd(&s->frontend_control);
}

void frontend_died(struct supervisor *s)
{
    siginfo_t end;
    pid_t pid = s->frontend_pid;
    bool starting = s->frontend_child.state == CHILD_STARTING;
    bury_frontend(s, &end);
    log_end("frontend", pid, &end);
    count_death(&s->frontend_child);
    renew_client(s);
    if (starting && !s->announced && !s->failure.code)
        error_set(&s->failure, ECHILD, "the frontend died while it started (its reason stands above)");
}

/* The end of its control socket asks it to go; one that does not is killed. */
static void stop_frontend(struct supervisor *s)
{
    siginfo_t end;
    if (s->frontend_child.state == CHILD_DOWN)
        return;
    close_fd(&s->frontend_control);
    struct pollfd gone = {.fd = s->frontend_pidfd, .events = POLLIN};
    if (s->goal == GOAL_STOP_NOW || poll(&gone, 1, EXIT_TIMEOUT_MS) <= 0)
        kill(s->frontend_pid, SIGKILL);
    bury_frontend(s, &end);
    s->frontend_child.state = CHILD_DOWN;
}

void renew_frontend(struct supervisor *s)
{
    stop_frontend(s);
    s->frontend_child.deaths = 0;
    s->frontend_child.restart_ns = 0;
    renew_client(s);
}

void stop_children(struct supervisor *s)
{
    stop_frontend(s);
    if (s->executor_child.state != CHILD_DOWN)
        executor_stop(&s->executor);
    s->executor_child.state = CHILD_DOWN;
}
