// attack: calls prctl with every number that changes what protects the process or others
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/prctl.h>

int main(void)
{
    static const struct {
        const char *name;
        unsigned option;
    } options[] = {{"PR_SET_DUMPABLE", 4},
                   {"PR_SET_UNALIGN", 6},
                   {"PR_SET_KEEPCAPS", 8},
                   {"PR_SET_TIMING", 14},
                   {"PR_SET_SECCOMP", 22},
                   {"PR_CAPBSET_DROP", 24},
                   {"PR_SET_TSC", 26},
                   {"PR_SET_SECUREBITS", 28},
                   {"PR_TASK_PERF_EVENTS_DISABLE", 31},
                   {"PR_TASK_PERF_EVENTS_ENABLE", 32},
                   {"PR_MCE_KILL", 33},
                   {"PR_SET_MM", 35},
                   {"PR_SET_CHILD_SUBREAPER", 36},
                   {"PR_SET_THP_DISABLE", 41},
                   {"PR_SET_FP_MODE", 45},
                   {"PR_CAP_AMBIENT", 47},
                   {"PR_SET_SPECULATION_CTRL", 53},
                   {"PR_SET_IO_FLUSHER", 57},
                   {"PR_SET_SYSCALL_USER_DISPATCH", 59},
                   {"PR_SCHED_CORE", 62},
                   {"PR_SET_MDWE", 65},
                   {"PR_SET_MEMORY_MERGE", 67},
                   {"PR_SET_PTRACER", 0x59616d61}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        STOPPED_NAMED(options[i].name, syscall(SYS_prctl, (long)options[i].option, 1L, 0L, 0L, 0L), EPERM);
        STOPPED_NAMED(options[i].name, syscall(SYS_prctl, (1L << 40) | options[i].option, 1L, 0L, 0L, 0L),
                      EPERM);
    }
    STOPPED(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL, EPERM);
    tried();
    int n = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    if (n != 1)
        breach("no_new_privs is %d", n);
    return finish();
}
