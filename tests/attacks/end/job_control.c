// attack: moves itself and children between process groups and sessions, so that killing one group misses some
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    tried();
    for (int i = 0; i < 10; i++)
        if (fork() == 0) {
            if (i % 2)
                setsid();
            else
                setpgid(0, 0);
            signal(SIGTERM, SIG_IGN);
            if (i % 3 == 0)
                raise(SIGSTOP);
            for (;;)
                sleep_ms(1000);
        }
    sleep_ms(100);
    return finish();
}
