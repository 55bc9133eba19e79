// attack: burns more CPU than it may in children that start together and end well before anybody looks
// expect: status=timeout
// with: attack.h
// limits: cpu_ms=100 wall_ms=5000
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 8; i++)
        if (fork() == 0) {
            double until = now_s() + 0.5;
            while (now_s() < until)
                ;
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    return 0;
}
