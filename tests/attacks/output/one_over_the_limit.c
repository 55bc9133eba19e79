// attack: writes one byte more than it may
// expect: status=output_limit truncated=stdout
// with: attack.h
// limits: output_bytes=65536
// host: never
#include "attack.h"

int main(void)
{
    static char block[65537];
    memset(block, 'x', sizeof block);
    ssize_t n = write(1, block, sizeof block);
    return n < 0;
}
