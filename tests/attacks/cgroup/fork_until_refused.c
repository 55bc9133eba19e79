// attack: forks until it is refused: there must be a bound, and it must be the run's
// expect: status=ok stdout=contained
// with: attack.h
// limits: processes=32
// host: never
#include "attack.h"

int main(void)
{
    int made = 0;
    for (; made < 2000; made++) {
        pid_t child = fork();
        if (child == 0) {
            pause();
            _exit(0);
        }
        if (child < 0)
            break;
    }
    tried();
    printf("%d children: %s\n", made, strerror(errno));
    if (made > 40)
        breach("%d children under a limit of 32", made);
    else if (errno != EAGAIN)
        wrong("it ended with %s", strerror(errno));
    return finish();
}
