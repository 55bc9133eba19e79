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
};

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

static int verify(uid_t uid)
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
        prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != SECUREBITS)
        return -EPERM;
    return 0;
}

int drop_privileges(struct making *m)
{
    uid_t uid = m->order.uid;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {0};
    if (prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0) < 0 || setgroups(0, NULL) < 0 ||
        setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0 ||
        syscall(SYS_capset, &header, none) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return -errno;
    return verify(uid);
}
