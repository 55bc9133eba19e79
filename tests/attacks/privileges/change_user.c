// attack: becomes root, its neighbours' users, other groups
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <grp.h>
#include <sys/fsuid.h>

int main(void)
{
    uid_t own = getuid(), users[] = {0, own + 1, own - 1, 65534, 1000};
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        uid_t u = users[i];
        DENIED(syscall(SYS_setresgid, u, u, u));
        DENIED(syscall(SYS_setregid, u, u));
        DENIED(syscall(SYS_setgid, u));
        gid_t g = u;
        DENIED(syscall(SYS_setgroups, 1, &g));
        tried();
        setfsgid(u);
        if (u != getgid() && (gid_t)setfsgid((gid_t)-1) == u)
            breach("setfsgid(%u) worked", u);
        setfsuid(u);
        if (u != own && (uid_t)setfsuid((uid_t)-1) == u)
            breach("setfsuid(%u) worked", u);
        DENIED(syscall(SYS_setreuid, u, u));
        DENIED(syscall(SYS_setuid, u));
        DENIED(syscall(SYS_setresuid, u, u, u));
    }
    DENIED(syscall(SYS_setgroups, 0, NULL));
    DENIED(syscall(SYS_setresuid, own, own,
                   own)); /* allowed by the kernel to anyone: so it is the filter that says no */
    return finish();
}
