#include "frontend/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* ---- who it becomes ---- */

static int find_user(const char *name, uid_t *uid, gid_t *gid, struct error *err)
{
    errno = 0;
    const struct passwd *user = getpwnam(name);
    if (!user) {
        log_warning("frontend", "there is no user '%s'; it runs as 'nobody' (make the user, or set 'user')",
                    name);
        user = getpwnam("nobody");
    }
    if (!user)
        return error_set(err, errno ? errno : ENOENT, "find the user '%s': %m", name);
    if (user->pw_uid == 0)
        return error_set(err, EINVAL, "the setting 'user' names root; the frontend must have no privileges");
    *uid = user->pw_uid;
    *gid = user->pw_gid;
    return 0;
}

/* ---- descriptors ---- */

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int close_others(const struct privileges *p, struct error *err)
{
    int keep[64];
    if (p->keep_count > array_length(keep))
        return error_set(err, E2BIG, "close other descriptors: %m");
    memcpy(keep, p->keep, p->keep_count * sizeof *keep);
    qsort(keep, p->keep_count, sizeof *keep, by_number);
    unsigned next = 3;
    for (size_t i = 0; i <= p->keep_count; i++) {
        unsigned last = i < p->keep_count ? (unsigned)keep[i] - 1 : ~0U;
        if (next <= last && (i == p->keep_count || keep[i] > 2) &&
            syscall(SYS_close_range, next, last, 0) < 0)
            return error_set(err, errno, "close other descriptors: %m");
        if (i < p->keep_count && keep[i] > 2)
            next = (unsigned)keep[i] + 1;
    }
    for (size_t i = 0; i < p->keep_count; i++)
        if (fcntl(keep[i], F_SETFD, FD_CLOEXEC) < 0)
            return error_set(err, errno, "keep the descriptor %d: %m", keep[i]);
    return 0;
}

/* ---- limits ---- */

static int set_limit(int which, const char *name, rlim_t value, struct error *err)
{
    const struct rlimit limit = {value, value};
    struct rlimit now;
    if (setrlimit((__rlimit_resource_t)which, &limit) < 0)
        return error_set(err, errno, "set the limit %s: %m", name);
    if (getrlimit((__rlimit_resource_t)which, &now) < 0 || now.rlim_cur != value || now.rlim_max != value)
        return error_set(err, EIO, "set the limit %s: it did not take", name);
    return 0;
}

static int set_limits(const struct privileges *p, struct error *err)
{
    const struct {
        int which;
        const char *name;
        rlim_t value;
    } rows[] = {
        {RLIMIT_CORE, "core", 1}, /* 0 would still start a core handler behind a pipe: core(5) */
        {RLIMIT_NOFILE, "nofile", p->files_most},
        {RLIMIT_MEMLOCK, "memlock", 0},
        {RLIMIT_MSGQUEUE, "msgqueue", 0},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        int r = set_limit(rows[i].which, rows[i].name, rows[i].value, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- user, groups, capabilities ---- */

static int empty_bounding_set(struct error *err)
{
    for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 || prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 0)
            return error_set(err, EPERM, "drop the capability %lu from the bounding set: %m", cap);
    return 0;
}

static int become(uid_t uid, gid_t gid, struct error *err)
{
    uid_t uids[3];
    gid_t gids[3];
    if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
        return error_set(err, errno, "become the user %u: %m", uid);
    if (getresuid(&uids[0], &uids[1], &uids[2]) < 0 || getresgid(&gids[0], &gids[1], &gids[2]) < 0)
        return error_set(err, errno, "read the user back: %m");
    for (size_t i = 0; i < 3; i++)
        if (uids[i] != uid || gids[i] != gid)
            return error_set(err, EPERM, "become the user %u: it did not take", uid);
    if (getgroups(0, NULL) != 0)
        return error_set(err, EPERM, "leave all groups: it did not take");
    if (setresuid(0, 0, 0) == 0 || setuid(0) == 0)
        return error_set(err, EPERM, "become the user %u: root could be had back", uid);
    return 0;
}

static int drop_capabilities(struct error *err)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {0}, now[2];
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
        syscall(SYS_capset, &header, none) < 0 || syscall(SYS_capget, &header, now) < 0)
        return error_set(err, errno, "drop all capabilities: %m");
    for (size_t i = 0; i < array_length(now); i++)
        if (now[i].effective || now[i].permitted || now[i].inheritable)
            return error_set(err, EPERM, "drop all capabilities: some are left");
    return 0;
}

/* ---- no way back ---- */

static int close_doors(pid_t parent, struct error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return error_set(err, EPERM, "set no_new_privs: %m");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return error_set(err, EPERM, "hide the memory from other processes of the user: %m");
    /* The change of user has cleared it: prctl(2), PR_SET_PDEATHSIG. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent)
        return error_set(err, ESRCH, "end with the supervisor: %m");
    return 0;
}

int privileges_drop(const struct privileges *p, struct error *err)
{
    const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
                               SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
                               SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    pid_t parent = getppid();
    uid_t uid = 0;
    gid_t gid = 0;
    int r = find_user(p->user, &uid, &gid, err);
    if (r == 0)
        r = close_others(p, err);
    if (r == 0)
        r = root_enter(p, uid, gid, err);
    if (r == 0)
        r = set_limits(p, err);
    if (r == 0)
        r = empty_bounding_set(err);
    if (r == 0 &&
        (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0 || prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != (int)bits))
        r = error_set(err, EPERM, "lock the secure bits: %m");
    if (r == 0)
        r = become(uid, gid, err);
    if (r == 0)
        r = drop_capabilities(err);
    return r < 0 ? r : close_doors(parent, err);
}
