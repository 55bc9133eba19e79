#include "cli/cli.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>

enum { NOBODY = 65534 };

int drop_root(const char *user, struct error *err)
{
    const struct passwd *entry = getpwnam(user);
    uid_t uid = entry ? entry->pw_uid : NOBODY;
    gid_t gid = entry ? entry->pw_gid : NOBODY;
    if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
        return error_set(err, errno, "give up root for user %u: %m", uid);
    if (setuid(0) == 0 || getuid() != uid || getgid() != gid)
        return error_set(err, EPERM, "give up root for user %u: still privileged: %m", uid);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        return error_set(err, errno, "prctl: %m");
    return 0;
}
