// attack: takes capabilities: capset, ambient set, keep-caps, securebits
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <linux/capability.h>
#include <sys/prctl.h>

int main(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct full[2] = {{~0u, ~0u, ~0u}, {0x1ff, 0x1ff, 0x1ff}},
                                  one[2] = {{1 << 21, 1 << 21, 0}}, now[2];
    memset(now, 0xff, sizeof now);
    tried();
    if (syscall(SYS_capget, &head, now) == 0 &&
        (now[0].permitted | now[0].inheritable | now[1].permitted | now[1].inheritable))
        breach("capget shows %x %x", now[1].permitted, now[0].permitted);
    DENIED(syscall(SYS_capset, &head, one));
    DENIED(syscall(SYS_capset, &head, full));
    DENIED(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0));
    DENIED(prctl(PR_SET_KEEPCAPS, 1));
    DENIED(prctl(PR_SET_SECUREBITS, 0));
    DENIED(prctl(PR_CAPBSET_DROP, 0)); /* refused even what would only take away */
    for (int c = 0; c < 64; c++) {
        tried();
        if (prctl(PR_CAPBSET_READ, c) > 0)
            breach("capability %d is in the bounding set", c);
    }
    int bits = prctl(PR_GET_SECUREBITS);
    tried();
    /* root's rights and ambient rights off, capabilities not kept over a change of user, and all of it locked */
    if (bits >= 0 && (bits & 0xfb) != 0xeb)
        breach("securebits are %x", bits);
    return finish();
}
