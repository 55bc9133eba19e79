// attack: sleeps in vfork with a stopped child: the parent cannot be interrupted but by a deadly signal
// expect: status=timeout
// with: attack.h
// limits: wall_ms=1000
// host: never
#include "attack.h"

int main(void)
{
    signal(SIGTERM, SIG_IGN);
    if (vfork() == 0) {
        syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
        for (;;)
            ;
    }
    breach("it came back");
    return 0;
}
