// attack: sends signals to its own process group, session and everybody: some need no right but the same session
// expect: status=ok stdout=contained
// with: attack.h
// pair: group_signals
// order: together
// host: never
#include "attack.h"

int main(void)
{
    static const int numbers[] = {SIGCONT, SIGURG, SIGWINCH, SIGUSR1};
    signal(SIGUSR1, SIG_IGN);
    for (int i = 0; i < 30; i++) {
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            kill(0, numbers[k]);
            kill(-1, numbers[k]);
        }
        sleep_ms(40);
    }
    tried();
    if (getpgrp() == 0 || getsid(0) == 0)
        breach("its group %d or session %d is one of outside", getpgrp(), getsid(0));
    return finish();
}
