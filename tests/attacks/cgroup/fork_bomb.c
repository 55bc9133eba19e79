// attack: forks for ever, in every child
// expect: status=timeout
// expect: status=killed
// expect: status=memory
// with: attack.h
// limits: wall_ms=2000 cpu_ms=5000
// slow: yes
// host: never
#include "attack.h"

int main(void)
{
    for (;;)
        fork();
}
