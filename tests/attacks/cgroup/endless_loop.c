// attack: an endless loop
// expect: status=timeout
// with: attack.h
// limits: cpu_ms=500 wall_ms=5000
// host: never
#include "attack.h"

int main(void)
{
    for (volatile unsigned long i = 0;; i++)
        ;
}
