// attack: makes a million threads
// expect: status=ok stdout=contained
// expect: status=memory
// with: attack.h
// limits: processes=64
// host: never
#include "attack.h"
#include <pthread.h>

static void *idle(void *nothing)
{
    pause();
    return nothing;
}

int main(void)
{
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 16384);
    int made = 0, r = 0;
    pthread_t thread;
    while (made < 1000000 && (r = pthread_create(&thread, &a, idle, NULL)) == 0)
        made++;
    tried();
    printf("%d threads: %s\n", made, strerror(r));
    if (made > 72)
        breach("%d threads under a limit of 64", made);
    else if (r != EAGAIN)
        wrong("it ended with %s", strerror(r));
    return finish();
}
