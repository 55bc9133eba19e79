// attack: raises each of its limits
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/resource.h>

int main(void)
{
    for (int what = 0; what < 16; what++) {
        char name[32];
        struct rlimit l = {0};
        snprintf(name, sizeof name, "limit %d", what);
        getrlimit(what, &l);
        struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
        STOPPED_NAMED(name, setrlimit(what, &more), EPERM);
        STOPPED_NAMED(name, syscall(SYS_prlimit64, 0, what, &more, NULL), EPERM);
        setrlimit(what, &l);
    }
    struct rlimit core = {0, 0};
    STOPPED(setrlimit(RLIMIT_CORE, &core), EPERM); /* 0 would let the crash handler run */
    return finish();
}
