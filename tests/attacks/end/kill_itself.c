// attack: kills itself; the answer must say so and not call it a limit of memory or time
// expect: status=error signal=SIGKILL
// expect: status=killed signal=SIGKILL
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    kill(getpid(), SIGKILL);
    breach("it lived on");
    return 0;
}
