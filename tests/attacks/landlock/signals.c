// attack: sends a signal to init, which has the same user: only Landlock's scope (Linux 6.12) forbids that
// expect: status=ok stdout=contained
// needs: landlock
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/utsname.h>

int main(void)
{
    struct utsname u;
    int major = 0, minor = 0;
    uname(&u);
    sscanf(u.release, "%d.%d", &major, &minor);
    if (major < 6 || (major == 6 && minor < 12)) {
        puts("contained: this kernel's Landlock has no scopes");
        return 0;
    }
    STOPPED(kill(1, 0), EPERM);
    STOPPED(syscall(SYS_pidfd_send_signal, (int)syscall(SYS_pidfd_open, 1, 0), 0, NULL, 0), EPERM);
    return finish();
}
