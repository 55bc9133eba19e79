// attack: stops itself, and a child that would wake it is stopped too
// expect: status=timeout
// with: attack.h
// limits: wall_ms=1000
// host: never
#include "attack.h"

int main(void)
{
    if (fork() == 0)
        raise(SIGSTOP);
    raise(SIGSTOP);
    breach("it was woken");
    return 0;
}
