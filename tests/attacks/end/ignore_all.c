// attack: ignores and blocks every signal and sleeps for ever
// expect: status=timeout
// with: attack.h
// limits: wall_ms=1000
// host: never
#include "attack.h"

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    for (int s = 1; s < 65; s++)
        signal(s, SIG_IGN);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (;;)
        sleep_ms(10000);
}
