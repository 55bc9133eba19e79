/* Wall 7: resource limits, set once by the maker and inherited by all that it makes. No RLIMIT_AS and no
 * RLIMIT_FSIZE: virtual machines reserve address space, and die of SIGXFSZ without a word; memory is the
 * cgroup's business and files are the tmpfs's. The filter refuses to change them. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <sys/resource.h>

int set_rlimits(void)
{
    static const struct {
        int resource;
        rlim_t value;
    } limits[] = {
        /* core(5): 0 does not stop a core_pattern that begins with a pipe, 1 does (fs/coredump.c). */
        {RLIMIT_CORE, 1},         {RLIMIT_NOFILE, 1024}, {RLIMIT_MEMLOCK, 65536}, {RLIMIT_MSGQUEUE, 0},
        {RLIMIT_SIGPENDING, 256}, {RLIMIT_RTPRIO, 0},    {RLIMIT_NICE, 0},        {RLIMIT_STACK, 8 << 20},
    };
    for (size_t i = 0; i < array_length(limits); i++) {
        struct rlimit set = {limits[i].value, limits[i].value}, now;
        if (setrlimit(limits[i].resource, &set) < 0 || getrlimit(limits[i].resource, &now) < 0)
            return -errno;
        if (now.rlim_cur != set.rlim_cur || now.rlim_max != set.rlim_max)
            return -EPERM;
    }
    return 0;
}
