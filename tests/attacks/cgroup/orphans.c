// attack: leaves thousands of orphans to its init, one after the other: they must not stay zombies and fill the group
// expect: status=ok stdout=contained
// with: attack.h
// limits: processes=16 cpu_ms=10000
// host: never
#include "attack.h"

int main(void)
{
    tried();
    for (int i = 0, refused = 0; i < 2000; i++) {
        pid_t child = fork();
        if (child < 0 && errno == EAGAIN && refused++ < 2000) {
            sleep_ms(1);
            i--;
            continue;
        }
        if (child < 0) {
            wrong("after %d: %s; init does not reap its orphans", i, strerror(errno));
            break;
        }
        if (child == 0) {
            fork(); /* the grandchild is init's when this one has ended */
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    return finish();
}
