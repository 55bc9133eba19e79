// attack: burns CPU in 16 threads at once: the sum counts
// expect: status=timeout
// with: attack.h
// limits: cpu_ms=1000 wall_ms=10000
// slow: yes
// host: never
#include "attack.h"
#include <pthread.h>

static void *burn(void *nothing)
{
    for (volatile unsigned long i = 0;; i++)
        ;
    return nothing;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 16; i++)
        pthread_create(&thread, NULL, burn, NULL);
    double until = now_s() + 8;
    while (now_s() < until)
        sleep_ms(100);
    breach("16 threads burned CPU for 8 seconds under a limit of 1 second");
    return finish();
}
