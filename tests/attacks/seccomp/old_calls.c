// attack: calls what is left over from old kernels and what no program needs
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    static const struct {
        const char *name;
        long number;
    } calls[] = {{"uselib", SYS_uselib},
                 {"ustat", SYS_ustat},
                 {"sysfs", SYS_sysfs},
                 {"_sysctl", SYS__sysctl},
                 {"nfsservctl", SYS_nfsservctl},
                 {"lookup_dcookie", SYS_lookup_dcookie},
                 {"modify_ldt", SYS_modify_ldt},
                 {"set_thread_area", SYS_set_thread_area},
                 {"get_kernel_syms", SYS_get_kernel_syms},
                 {"query_module", SYS_query_module},
                 {"create_module", SYS_create_module},
                 {"vserver", SYS_vserver},
                 {"remap_file_pages", SYS_remap_file_pages},
                 {"mbind", SYS_mbind},
                 {"set_mempolicy", SYS_set_mempolicy},
                 {"get_mempolicy", SYS_get_mempolicy},
                 {"epoll_ctl_old", SYS_epoll_ctl_old},
                 {"security", SYS_security},
                 {"tuxcall", SYS_tuxcall},
                 {"afs_syscall", SYS_afs_syscall},
                 {"getpmsg", SYS_getpmsg},
                 {"putpmsg", SYS_putpmsg},
                 {"readahead", SYS_readahead},
                 {"mincore", SYS_mincore},
                 {"mlockall", SYS_mlockall},
                 {"ioprio_set", SYS_ioprio_set},
                 {"sched_setscheduler", SYS_sched_setscheduler},
                 {"sched_setattr", SYS_sched_setattr},
                 {"sched_setparam", SYS_sched_setparam},
                 {"landlock_create_ruleset", 444},
                 {"preadv2", SYS_preadv2},
                 {"pwritev2", SYS_pwritev2},
                 {"splice", SYS_splice},
                 {"setrlimit", SYS_setrlimit},
                 {"flock", SYS_flock}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        STOPPED_NAMED(calls[i].name, syscall(calls[i].number, -1L, 0L, 0L, 0L, 0L, 0L), EPERM);
    return finish();
}
