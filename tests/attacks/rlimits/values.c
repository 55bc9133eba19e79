// attack: looks for limits that are missing, and for some that must not be there (JIT virtual machines die of them)
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/resource.h>

static void most(const char *name, int what, rlim_t bound)
{
    struct rlimit l = {0};
    getrlimit(what, &l);
    tried();
    printf("%s %ld %ld\n", name, (long)l.rlim_cur, (long)l.rlim_max);
    if (l.rlim_max > bound)
        breach("%s: %ld, more than %ld", name, (long)l.rlim_max, (long)bound);
}

int main(void)
{
    most("core", RLIMIT_CORE, 1);
    most("nofile", RLIMIT_NOFILE, 65536);
    most("memlock", RLIMIT_MEMLOCK, 8 << 20);
    most("msgqueue", RLIMIT_MSGQUEUE, 819200);
    most("sigpending", RLIMIT_SIGPENDING, 16384);
    most("stack", RLIMIT_STACK, 1 << 30);
    most("nice", RLIMIT_NICE, 0);
    most("rtprio", RLIMIT_RTPRIO, 0);
    struct rlimit l;
    getrlimit(RLIMIT_AS, &l);
    if (l.rlim_cur != RLIM_INFINITY)
        wrong("RLIMIT_AS is set");
    getrlimit(RLIMIT_FSIZE, &l);
    if (l.rlim_cur != RLIM_INFINITY)
        wrong("RLIMIT_FSIZE is set");
    return finish();
}
