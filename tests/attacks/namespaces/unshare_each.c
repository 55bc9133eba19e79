// attack: makes a namespace of each kind by unshare
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

static const struct {
    const char *name;
    int flag;
} kinds[] = {{"user", CLONE_NEWUSER},
             {"mount", CLONE_NEWNS},
             {"pid", CLONE_NEWPID},
             {"net", CLONE_NEWNET},
             {"ipc", CLONE_NEWIPC},
             {"uts", CLONE_NEWUTS},
             {"cgroup", CLONE_NEWCGROUP},
             {"time", 0x80},
             {"files", CLONE_FILES},
             {"fs", CLONE_FS},
             {"user and mount", CLONE_NEWUSER | CLONE_NEWNS}};

static void attempt(void *context)
{
    int flag = *(const int *)context;
    DENIED(unshare(flag));
    /* the flags are an int to the kernel: bits above must not hide it from the filter */
    DENIED(syscall(SYS_unshare, (1L << 40) | flag));
}

int main(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        in_child(attempt, (void *)&kinds[i].flag);
    return finish();
}
