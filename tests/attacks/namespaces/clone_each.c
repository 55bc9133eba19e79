// attack: makes a child in a new namespace of each kind by clone, and a child that is the executor's
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

static const struct {
    const char *name;
    unsigned long flag;
} kinds[] = {
    {"CLONE_NEWUSER", CLONE_NEWUSER},     {"CLONE_NEWNS", CLONE_NEWNS},
    {"CLONE_NEWPID", CLONE_NEWPID},       {"CLONE_NEWNET", CLONE_NEWNET},
    {"CLONE_NEWIPC", CLONE_NEWIPC},       {"CLONE_NEWUTS", CLONE_NEWUTS},
    {"CLONE_NEWCGROUP", CLONE_NEWCGROUP}, {"CLONE_PARENT", CLONE_PARENT},
    {"CLONE_PTRACE", CLONE_PTRACE},       {"CLONE_NEWUSER with bits above", CLONE_NEWUSER | 1UL << 33}};

int main(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        errno = 0;
        /* the kernel reads the clone flags as 32 bits, so bits above must change nothing */
        long child = syscall(SYS_clone, kinds[i].flag | SIGCHLD, 0, 0, 0, 0);
        if (child == 0)
            _exit(0);
        int error = errno;
        if (child > 0)
            waitpid((pid_t)child, NULL, __WALL);
        STOPPED_BEFORE(kinds[i].name, child, error, EPERM);
    }
    return finish();
}
