// attack: clones by clone3, whose flags lie in memory where a filter cannot look
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <linux/sched.h>

static void attempt(void *context)
{
    struct clone_args a = {.flags = *(const uint64_t *)context, .exit_signal = SIGCHLD};
    long child = syscall(SYS_clone3, &a, sizeof a);
    if (child == 0)
        _exit(0);
    STOPPED_BEFORE("clone3", child, errno, ENOSYS);
}

int main(void)
{
    static const uint64_t flags[] = {0,           CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_INTO_CGROUP,
                                     CLONE_NEWPID};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        in_child(attempt, (void *)&flags[i]);
    UNKNOWN(syscall(SYS_clone3, 0, 0));
    UNKNOWN(syscall(SYS_clone3, -1L, 64));
    return finish();
}
