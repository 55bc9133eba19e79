// attack: waits for a signal of the other run's; it must be in a session and a group of its own
// expect: status=ok stdout=contained
// with: attack.h
// pair: group_signals
// order: together
// host: never
#include "attack.h"

static volatile int came;

static void take(int number)
{
    came = number;
}

int main(void)
{
    static const int numbers[] = {SIGCONT, SIGURG, SIGWINCH, SIGUSR1};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        signal(numbers[k], take);
    for (int i = 0; i < 30; i++)
        sleep_ms(40);
    tried();
    if (came)
        breach("signal %d came from another run", came);
    if (getpgrp() == 0 || getsid(0) == 0)
        breach("its group %d or session %d is one of outside", getpgrp(), getsid(0));
    return finish();
}
