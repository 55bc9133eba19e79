// attack: crashes, so that a core is written or the host's crash handler reads one (its limit must be exactly 1)
// expect: status=error signal=SIGSEGV stdout=limit ok
// with: attack.h
// host: never
#include "attack.h"
#include <sys/resource.h>

int main(void)
{
    struct rlimit l = {0};
    getrlimit(RLIMIT_CORE, &l);
    /* 0 does not stop a core_pattern that begins with a pipe; 1 does (core(5), kernel/coredump.c) */
    if (l.rlim_cur != 1 || l.rlim_max != 1)
        breach("RLIMIT_CORE is %lu, %lu", (unsigned long)l.rlim_cur, (unsigned long)l.rlim_max);
    pid_t child = fork();
    if (child == 0)
        abort();
    int status = 0;
    waitpid(child, &status, 0);
    if (WCOREDUMP(status))
        breach("a core was written");
    if (access("core", F_OK) == 0)
        breach("there is a file core");
    if (!breaches_)
        puts("limit ok");
    *(volatile int *)16 = 1;
    return 0;
}
