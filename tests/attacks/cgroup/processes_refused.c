// attack: meets the limit of processes and ends well: that is the program's own affair, and no fault
// expect: status=ok stdout=contained
// with: attack.h
// limits: processes=4
// host: never
#include "attack.h"

int main(void)
{
    int made = 0;
    while (made < 100) {
        pid_t child = fork();
        if (child == 0)
            sleep_ms(10000);
        if (child < 0)
            break;
        made++;
    }
    tried();
    if (made > 4)
        breach("%d children under a limit of 4 processes", made);
    return finish();
}
