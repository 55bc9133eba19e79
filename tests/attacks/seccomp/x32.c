// attack: calls by the x32 numbers, which a filter that only looks at the architecture lets through
// expect: status=killed signal=SIGSYS
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    long r = syscall(0x40000000L | SYS_getpid);
    breach("an x32 call gave %ld, %s", r, strerror(errno));
    return finish();
}
