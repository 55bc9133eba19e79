// attack: its first thread ends and the others go on: the first process has not ended yet
// expect: status=timeout
// with: attack.h
// limits: wall_ms=1000
// host: never
#include "attack.h"
#include <pthread.h>

static void *stay(void *nothing)
{
    for (;;)
        sleep_ms(100);
    return nothing;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, stay, NULL);
    syscall(SYS_exit, 0);
    return 0;
}
