/* What a process may have besides threads and descriptors, and a copy made by clone3 would lack or share:
 * fork(2) lists it. */
#include "template/engine/engine.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>

/* A shared mapping that can be written, or made so by mprotect(2) ("mw"), would join all runs. What is marked
 * not to be copied (MADV_DONTFORK, "dc" in proc(5)) would be missing. */
static int inspect_mappings(void)
{
    static char name[160];
    struct lines l;
    char *line;
    int r = lines_open(&l, "/proc/self/smaps");
    if (r < 0)
        return refuse("/proc/self/smaps", -1, "cannot be read");
    while (r == 0 && (line = lines_next(&l))) {
        const char *at;
        number_read(line, 16, &at);
        if (at != line && *at == '-') {
            number_read(at + 1, 16, &at);
            strncpy(name, at, sizeof name - 1);
            if (name[2] == 'w' && name[4] == 's')
                r = refuse("a mapping is shared and can be written", -1, name);
        } else if (!strncmp(line, "VmFlags:", 8) && name[4] == 's' && text_find(line, " mw")) {
            r = refuse("a mapping is shared and can be made writable", -1, name);
        } else if (!strncmp(line, "VmFlags:", 8) && text_find(line, " dc") && !text_find(name, "[v")) {
            r = refuse("a mapping is not copied", -1, name);
        }
    }
    lines_close(&l);
    return r;
}

static int inspect_timers(void)
{
    struct lines l;
    int r = lines_open(&l, "/proc/self/timers");
    if (r < 0)
        return refuse("/proc/self/timers", -1, "the kernel has none (CONFIG_CHECKPOINT_RESTORE)");
    if (lines_next(&l))
        r = refuse("a timer", -1, "timer_create() was used");
    lines_close(&l);
    for (int which = ITIMER_REAL; r == 0 && which <= ITIMER_PROF; which++) {
        struct itimerval t = {0};
        if (syscall(SYS_getitimer, (long)which, &t) < 0 || t.it_value.tv_sec || t.it_value.tv_usec)
            r = refuse("a timer", which, "setitimer() or alarm() was used");
    }
    return r;
}

int inspect_process(void)
{
    int r = inspect_mappings();
    return r < 0 ? r : inspect_timers();
}
