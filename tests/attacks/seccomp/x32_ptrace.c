// attack: calls ptrace by its x32 number 521, which is not 0x40000000 + 101
// expect: status=killed signal=SIGSYS
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    long r = syscall(0x40000000L | 521, 0, 0, 0, 0);
    breach("an x32 call gave %ld, %s", r, strerror(errno));
    return finish();
}
