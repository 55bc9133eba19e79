// attack: looks whether the other run's use of signals and pipes can be felt
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
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        tried();
        union sigval none = {0};
        if (sigqueue(getpid(), SIGRTMIN, none))
            breach("signals are used up: %s", strerror(errno));
        siginfo_t info;
        sigtimedwait(&all, &info, &(struct timespec){0});
        int p[2];
        if (pipe(p))
            breach("pipes are used up: %s", strerror(errno));
        else if (fcntl(p[1], F_GETPIPE_SZ) < 65536)
            breach("a pipe has only %d bytes: the pages of the user are used up", fcntl(p[1], F_GETPIPE_SZ));
        close(p[0]);
        close(p[1]);
        sleep_ms(20);
    }
    return finish();
}
