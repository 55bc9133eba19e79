// attack: writes to standard output without end
// expect: status=output_limit truncated=stdout
// with: attack.h
// limits: output_bytes=65536
// host: never
#include "attack.h"

int main(void)
{
    static char block[65536];
    memset(block, 'x', sizeof block);
    for (;;)
        if (write(1, block, sizeof block) < 0 && errno != EAGAIN)
            return 1;
}
