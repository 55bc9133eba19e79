// attack: sleeps past the wall-clock limit
// expect: status=timeout
// with: attack.h
// limits: wall_ms=1000
// host: never
#include "attack.h"

int main(void)
{
    signal(SIGALRM, SIG_IGN);
    for (int i = 0; i < 100; i++)
        sleep_ms(1000);
    breach("it slept for 100 seconds under a limit of 1 second");
    return finish();
}
