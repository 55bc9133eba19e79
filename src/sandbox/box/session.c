#include "sandbox/box/box.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>

/* Once, by the maker, for all that it clones: exec resets handlers, but what the executor ignores (SIGPIPE)
 * would stay ignored, and what it blocks blocked (execve(2)). */
int default_signals(void)
{
    for (int s = 1; s < NSIG; s++)
        if (s != SIGKILL && s != SIGSTOP && s != 32 && s != 33 && signal(s, SIG_DFL) == SIG_ERR)
            return -errno; /* 32 and 33 are the C library's own */
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

/* A program starts as from a login: a session and a process group of its own. */
int begin_session(struct making *m)
{
    (void)m;
    umask(022);
    return setsid() < 0 ? -errno : 0;
}
