// attack: changes the host's name
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"

int main(void)
{
    DENIED(sethostname("broken", 6));
    DENIED(syscall(SYS_setdomainname, "broken", 6));
    return finish();
}
