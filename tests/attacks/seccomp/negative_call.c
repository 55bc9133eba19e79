// attack: calls number -1
// expect: status=killed signal=SIGSYS
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    UNKNOWN(syscall(-1L));
    return finish();
}
