// attack: traces itself, its child, its init and its parent in every way
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/ptrace.h>

static void attempt(void *context)
{
    pid_t target = *(pid_t *)context;
    DENIED(ptrace(PTRACE_TRACEME, 0, 0, 0));
    DENIED(ptrace(PTRACE_SEIZE, target, 0, 0));
    DENIED(ptrace(PTRACE_ATTACH, target, 0, 0));
    DENIED(ptrace(PTRACE_PEEKTEXT, target, 0, 0));
    DENIED(syscall(SYS_ptrace, 0x420f /* GET_SYSCALL_USER_DISPATCH_CONFIG */, target, 0, 0));
    DENIED(syscall(SYS_ptrace, 99999, -1, 0, 0)); /* ESRCH if the kernel were asked */
}

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    pid_t targets[] = {child, 1, getpid()};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        in_child(attempt, &targets[i]);
    kill(child, SIGKILL);
    return finish();
}
