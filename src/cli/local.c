/* The parent stays root, since only root can sweep the executor's cgroups afterwards; it reads nothing that
 * comes from a program. */
#include "cli/local.h"
#include "executor/executor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

enum { READY_TIMEOUT_MS = 120000 };

/* Waits for the child. A terminal's Ctrl-C reaches it by itself; what was sent to this process alone is
 * passed on. */
static int await_client(pid_t child, const sigset_t *watched, int fault_exit)
{
    for (;;) {
        int status;
        if (waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status)                        ? WEXITSTATUS(status)
                   : sigismember(watched, WTERMSIG(status)) ? 128 + WTERMSIG(status)
                                                            : fault_exit;
        siginfo_t info;
        int number = sigwaitinfo(watched, &info);
        if (number > 0 && number != SIGCHLD && info.si_code <= 0)
            kill(child, number);
    }
}

static int fork_client(struct executor_process *executor, local_client *client, void *context, int fault_exit,
                       struct error *err)
{
    sigset_t watched, old;
    sigemptyset(&watched);
    for (size_t i = 0; i < 4; i++)
        sigaddset(&watched, (int[]){SIGINT, SIGTERM, SIGHUP, SIGCHLD}[i]);
    sigprocmask(SIG_BLOCK, &watched, &old);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &old, NULL);
        close(executor->control);
        close(executor->lock);
        int code = client(context, executor->client);
        if (fflush(stdout) != 0 && code == 0)
            code = fault_exit;
        _exit(code);
    }
    close_fd(&executor->client);
    return child < 0 ? error_set(err, errno, "fork: %m") : await_client(child, &watched, fault_exit);
}

int local_run(const struct settings *settings, const char *language, bool warm, local_client *client,
              void *context, int fault_exit, struct error *err)
{
    struct executor_process executor = {.pidfd = -1, .control = -1, .client = -1, .lock = -1};
    struct settings own = *settings;
    own.templates &= warm;
    setenv("PHIAL_QUIET", "1", 0); /* what a server logs is no news here */
    int r = executor_spawn_for(&executor, &own, language, err);
    if (r < 0)
        return r;
    r = executor_wait_ready(&executor, READY_TIMEOUT_MS, err);
    if (r >= 0)
        r = fork_client(&executor, client, context, fault_exit, err);
    executor_stop(&executor);
    return r;
}
