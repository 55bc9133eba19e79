// attack: writes exactly as many bytes as it may: that is no fault
// expect: status=ok exit=0 stdout=xend
// with: attack.h
// limits: output_bytes=65536
// host: never
#include "attack.h"

int main(void)
{
    static char block[65536];
    memset(block, 'x', sizeof block);
    memcpy(block + sizeof block - 3, "end", 3);
    return write(1, block, sizeof block) != sizeof block;
}
