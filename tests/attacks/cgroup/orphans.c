// attack: leaves thousands of orphans to its init, one after the other: they must not stay zombies and fill the group
// expect: status=ok stdout=contained
// with: attack.h
// limits: processes=16 cpu_ms=10000
// host: never
#include "attack.h"

/* A fork that waits while the group is full: the dead may be on their way. */
static pid_t patient_fork(void)
{
    pid_t child = -1;
    for (int i = 0; i < 1000 && (child = fork()) < 0 && errno == EAGAIN; i++)
        sleep_ms(1);
    return child;
}

int main(void)
{
    tried();
    for (int i = 0; i < 2000 && !wrongs_; i++) {
        int status = 0;
        pid_t child = patient_fork();
        if (child == 0) {
            pid_t orphan = patient_fork(); /* init's, when its parent has ended */
            _exit(orphan < 0);
        }
        if (child < 0)
            wrong("after %d: %s; init does not reap its orphans", i, strerror(errno));
        else if (waitpid(child, &status, 0) != child || status)
            wrong("after %d no orphan could be made; init does not reap them", i);
    }
    return finish();
}
