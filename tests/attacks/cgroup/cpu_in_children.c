// attack: burns CPU in short-lived children that are waited for, so that no single process is ever over the limit
// expect: status=timeout
// with: attack.h
// limits: cpu_ms=1000 wall_ms=20000
// slow: yes
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 160; i++) {
        pid_t child = fork();
        if (child == 0) {
            double until = now_s() + 0.1;
            while (now_s() < until)
                ;
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    breach("16 seconds of CPU under a limit of 1 second");
    return finish();
}
