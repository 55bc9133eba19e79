// attack: writes a pipe full and kills itself: nothing that was written may be lost
// expect: status=error signal=SIGKILL stdout=last
// expect: status=killed signal=SIGKILL stdout=last
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    static char block[60000];
    memset(block, 'x', sizeof block);
    memcpy(block + sizeof block - 4, "last", 4);
    ssize_t n = write(1, block, sizeof block);
    (void)n;
    kill(getpid(), SIGKILL);
    return 0;
}
