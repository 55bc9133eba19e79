// attack: stops whatever else is in its box and ends by a signal: nothing keeps the end from being known
// expect: status=error signal=SIGTERM stdout=contained
// with: attack.h
// with: runtime.h
// limits: wall_ms=5000
// host: never
#include "runtime.h"

int main(void)
{
    pid_t own[NUMBERS_MOST];
    size_t n = numbers_in("/proc/self/task", own);
    for (int number = 2; number < 5000; number++) {
        size_t i = 0;
        while (i < n && own[i] != number)
            i++;
        if (i == n)
            kill(number, SIGSTOP);
    }
    tried();
    finish();
    kill(getpid(), SIGTERM);
    sleep_ms(10000);
    breach("it outlived its own SIGTERM");
    return 0;
}
