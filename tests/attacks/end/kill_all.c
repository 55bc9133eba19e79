// attack: kills everything that it may kill, then groups and numbers outside
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    tried();
    kill(-1, SIGKILL);
    kill(-1, SIGSTOP);
    for (int pid = 2; pid < 70000; pid++)
        if (pid != getpid() && pid != getpgrp() && !is_holder(pid)) {
            if (kill(pid, SIGKILL) == 0)
                breach("process %d took a signal", pid);
            if (kill(-pid, SIGKILL) == 0 && pid != getpgrp())
                breach("group %d took a signal", pid);
        }
    return finish();
}
