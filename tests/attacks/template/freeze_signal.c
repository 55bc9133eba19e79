// attack: sends the signal that freezes a template, and all other real-time signals, to itself and to each thread
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// host: never
#include "runtime.h"

static struct mapping maps[MAPPINGS_MOST];

/* As the kernel keeps it: the function sigaction may be another's. */
struct kernel_action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static const struct mapping *mapping_of(uintptr_t address, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (address >= maps[i].start && address < maps[i].end)
            return &maps[i];
    return NULL;
}

int main(void)
{
    size_t count = mappings_read(maps);
    pid_t threads[NUMBERS_MOST];
    for (int number = 32; number <= 64; number++) {
        struct kernel_action action;
        tried();
        if (syscall(SYS_rt_sigaction, number, NULL, &action, 8) < 0) {
            wrong("rt_sigaction %d: %s", number, strerror(errno));
            continue;
        }
        uintptr_t handler = (uintptr_t)action.handler;
        const struct mapping *m = mapping_of(handler, count);
        if (handler > 1 && (number == FREEZE_SIGNAL || (m && is_engine(m))))
            breach("signal %d is caught by code in %s", number, m ? m->path : "nothing");
    }
    for (int number = 34; number <= 64; number++) {
        tried();
        pid_t child = fork(); /* it must die of it or live on, but not stop */
        if (child == 0) {
            alarm(3);
            raise(number);
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
            breach("signal %d stops a thread for good", number);
    }
    /* each thread, if nothing of the library takes it any more */
    struct kernel_action ignore = {.handler = SIG_IGN};
    syscall(SYS_rt_sigaction, FREEZE_SIGNAL, &ignore, NULL, 8);
    size_t n = numbers_in("/proc/self/task", threads);
    for (size_t i = 0; i < n; i++)
        syscall(SYS_tgkill, getpid(), threads[i], FREEZE_SIGNAL);
    return finish();
}
