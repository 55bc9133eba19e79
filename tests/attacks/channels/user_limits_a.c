// attack: uses up what the kernel counts per user: pending signals, pipe pages, epoll watches
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: user_limits
// order: together
// slow: yes
// host: never
#include "attack.h"
#include "channel.h"

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    while (sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0)
        tried();
    int p[2];
    while (pipe(p) == 0)
        ;
    sleep_ms(MEET_MS);
    return finish();
}
