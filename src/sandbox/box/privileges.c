/* Wall 3: no privileges. Each thing given up is read back; a drop that failed in silence would be a hole. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum {
    SECUREBITS = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
                 SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
    /* A clone changes its user before it drops its capabilities: without one this bit gives nothing. */
    CLONE_SECUREBITS = SECUREBITS | SECBIT_NO_SETUID_FIXUP,
    /* A template raises its capabilities into the ambient set, to have them after exec. */
    TEMPLATE_SECUREBITS =
        CLONE_SECUREBITS & ~(SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED),
};

/* Once, by the maker: capset(2), what is not in the bounding set can only be made inheritable before it goes
 * from there, and ambient only if it is inheritable. Boxes and programs drop it with all others. */
int allow_inheritance(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[2];
    if (syscall(SYS_capget, &header, caps) < 0)
        return -errno;
    for (int i = 0; i < 2; i++)
        caps[i].inheritable = (uint32_t)(TEMPLATE_START_CAPABILITIES >> 32 * i);
    return syscall(SYS_capset, &header, caps) < 0 ? -errno : 0;
}

/* Once, by the maker, for all that it clones: capabilities(7), dropping from the bounding set needs
 * CAP_SETPCAP, which is gone once the uid has changed. */
int drop_bounding_set(void)
{
    for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
            return -errno;
        if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 0)
            return -EPERM;
    }
    return 0;
}

static int verify(uid_t uid, int securebits)
{
    uid_t u[3];
    gid_t g[3];
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[2];
    if (getresuid(&u[0], &u[1], &u[2]) < 0 || getresgid(&g[0], &g[1], &g[2]) < 0 ||
        syscall(SYS_capget, &header, caps) < 0)
        return -errno;
    for (int i = 0; i < 3; i++)
        if (u[i] != uid || g[i] != uid)
            return -EPERM;
    for (int i = 0; i < 2; i++)
        if (caps[i].effective || caps[i].permitted || caps[i].inheritable)
            return -EPERM;
    if (getgroups(0, NULL) != 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 ||
        prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != securebits)
        return -EPERM;
    return 0;
}

static int take_user(uid_t uid)
{
    if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
        return -errno;
    return 0;
}

int drop_own_capabilities(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {0};
    return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

int drop_privileges(struct making *m)
{
    if (prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0) < 0)
        return -errno;
    int r = take_user(m->order.uid);
    if (r < 0 || (r = drop_own_capabilities()) < 0)
        return r;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return -errno;
    return verify(m->order.uid, SECUREBITS);
}

/* capabilities(7): what is in the ambient set is kept through exec although the bounding set is empty. */
int keep_capabilities(struct making *m)
{
    const uint64_t kept = TEMPLATE_START_CAPABILITIES;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[2];
    for (int i = 0; i < 2; i++) {
        uint32_t half = (uint32_t)(kept >> 32 * i);
        caps[i] = (struct __user_cap_data_struct){half, half, half};
    }
    if (prctl(PR_SET_SECUREBITS, TEMPLATE_SECUREBITS, 0, 0, 0) < 0)
        return -errno;
    int r = take_user(m->order.uid);
    if (r < 0)
        return r;
    if (syscall(SYS_capset, &header, caps) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    for (int cap = 0; cap < 64; cap++)
        if (kept >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
            return -errno;
    return 0;
}

/* By the library, loaded: the ambient set has done its part. What the runtime starts must have none of it,
 * and no thread of it may raise it again. */
int close_ambient_set(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[2];
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L) < 0 ||
        prctl(PR_SET_SECUREBITS, (long)CLONE_SECUREBITS, 0L, 0L, 0L) < 0 ||
        syscall(SYS_capget, &header, caps) < 0)
        return -errno;
    for (int i = 0; i < 2; i++) {
        if (caps[i].effective != (uint32_t)(TEMPLATE_START_CAPABILITIES >> 32 * i))
            return -EPERM;
        caps[i].effective = caps[i].permitted = (uint32_t)(TEMPLATE_CAPABILITIES >> 32 * i);
        caps[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, caps) < 0 ? -errno : 0;
}

/* By raw calls: the C library's would have every thread of the process do likewise (nptl(7)), and a clone's
 * other threads are not there yet. The caller has taken care of that: see the engine's raw.c. */
int change_user(struct making *m)
{
    return take_user(m->order.uid);
}

int verify_dropped(uid_t uid)
{
    return verify(uid, CLONE_SECUREBITS);
}
