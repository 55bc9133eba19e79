// attack: a process that forks and ends for ever, so that its number is never the same (it flees from kill by number)
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 8; i++)
        if (fork() == 0) {
            setsid();
            for (;;) {
                pid_t child = fork();
                if (child > 0)
                    _exit(0);
            }
        }
    tried();
    sleep_ms(300);
    return finish(); /* the comets fly on: nothing of them may be left on the host */
}
