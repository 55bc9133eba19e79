// attack: leaves a daemon behind: forked twice, session of its own, signals ignored, descriptors closed
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    tried();
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            for (int s = 1; s < 65; s++)
                signal(s, SIG_IGN);
            for (int fd = 0; fd < 64; fd++)
                close(fd);
            for (;;)
                sleep_ms(10);
        }
        _exit(0);
    }
    sleep_ms(100);
    return finish();
}
