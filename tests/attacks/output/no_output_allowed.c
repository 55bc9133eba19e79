// attack: writes where no output at all is allowed
// expect: status=output_limit
// with: attack.h
// limits: output_bytes=0
// host: never
#include "attack.h"

int main(void)
{
    return write(1, "x", 1) != 1;
}
