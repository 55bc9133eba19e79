// attack: writes to standard error without end, one byte at a time
// expect: status=output_limit truncated=stderr
// with: attack.h
// limits: output_bytes=65536
// host: never
#include "attack.h"

int main(void)
{
    for (;;)
        if (write(2, "x", 1) < 0 && errno != EAGAIN)
            return 1;
}
