#include "sandbox/box/box.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>

/* A program starts as from a login: own session and process group, every signal at its default, none blocked.
 */
int begin_session(struct making *m)
{
    (void)m;
    if (setsid() < 0)
        return -errno;
    umask(022);
    for (int s = 1; s < 32; s++)
        if (s != SIGKILL && s != SIGSTOP && signal(s, SIG_DFL) == SIG_ERR)
            return -errno;
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}
