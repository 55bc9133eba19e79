// attack: sends every signal to its init, by number and by pidfd, and stops it
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    int fd = (int)syscall(SYS_pidfd_open, 1, 0);
    for (int s = 1; s < 65; s++) {
        kill(1, s);
        syscall(SYS_tgkill, 1, 1, s);
        syscall(SYS_pidfd_send_signal, fd, s, NULL, 0);
    }
    tried();
    sleep_ms(300);
    /* if init had died we should be dead; if it had stopped, nobody would collect our orphans */
    if (kill(1, 0) && errno != EPERM)
        breach("init is gone: %s", strerror(errno));
    return finish();
}
