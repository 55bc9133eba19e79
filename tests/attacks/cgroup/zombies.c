// attack: makes children that end and are never waited for
// expect: status=ok stdout=contained
// with: attack.h
// limits: processes=64
// host: never
#include "attack.h"

int main(void)
{
    int made = 0;
    for (; made < 5000; made++) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        if (child < 0)
            break;
    }
    tried();
    printf("%d zombies: %s\n", made, strerror(errno));
    if (made > 72)
        breach("%d zombies under a limit of 64", made);
    return finish();
}
