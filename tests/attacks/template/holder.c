// attack: kills whatever else is in its box, then ends with a code of its own: the wait status is still its own
// expect: status=error exit=7 stdout=contained
// with: attack.h
// with: runtime.h
// host: never
#include "runtime.h"

int main(void)
{
    pid_t own[NUMBERS_MOST];
    size_t n = numbers_in("/proc/self/task", own), killed = 0;
    for (int number = 2; number < 5000; number++) {
        size_t i = 0;
        while (i < n && own[i] != number)
            i++;
        if (i == n && kill(number, SIGKILL) == 0)
            killed++;
    }
    tried();
    printf("%zu killed\n", killed);
    sleep_ms(50);
    finish();
    return 7;
}
