// attack: queues signals to itself without end
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    long queued = 0;
    while (queued < 1000000 && sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0)
        queued++;
    tried();
    printf("%ld signals: %s\n", queued, strerror(errno));
    if (queued > 16384)
        breach("%ld signals are queued", queued);
    else if (errno != EAGAIN)
        wrong("it ended with %s", strerror(errno));
    return finish();
}
