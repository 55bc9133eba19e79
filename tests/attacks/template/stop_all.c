// attack: stops everything in its box, itself at last
// expect: status=timeout
// with: attack.h
// limits: wall_ms=1000
// host: never
#include "attack.h"

int main(void)
{
    kill(-1, SIGSTOP);
    kill(getpid(), SIGSTOP);
    sleep_ms(5000); /* the signal may reach another thread first */
    breach("it went on");
    return finish();
}
