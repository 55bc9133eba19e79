// attack: looks for its real parent: by getppid, by PR_SET_PDEATHSIG, by a signal to process 0
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    tried();
    pid_t parent = getppid();
    if (parent > 1)
        breach("its parent is %d", parent);
    if (parent == 0 || parent == 1) {
        /* 0 means "my own group" to kill; a parent outside has no number here */
        signal(SIGUSR1, SIG_IGN);
        kill(0, SIGUSR1);
    }
    int status;
    STOPPED(waitpid(-1, &status, WNOHANG), ECHILD);
    return finish();
}
