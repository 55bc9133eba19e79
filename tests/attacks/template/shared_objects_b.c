// attack: looks at every descriptor for what the other run did to it
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// with: objects.h
// pair: shared_objects
// order: together
// host: never
#include "objects.h"
#include <sys/eventfd.h>

__attribute__((format(printf, 1, 2))) static void silent(const char *format, ...)
{
    (void)format;
}

/* Does it see what a process with the same descriptors does? Else it shows nothing. */
static void try_the_detector(void)
{
    static struct seen table[FDS_MOST];
    int ends[2], file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC), status;
    int event = eventfd(0, EFD_NONBLOCK), timer = timerfd_create(CLOCK_MONOTONIC, 0),
        epoll = epoll_create1(0);
    if (pipe(ends) < 0 || file < 0 || event < 0 || timer < 0 || epoll < 0) {
        wrong("the detector could not be tried: %s", strerror(errno));
        return;
    }
    pid_t looker = fork();
    if (looker == 0) { /* so that the process's own descriptors stay as they are */
        remember(table);
        pid_t signaller = fork();
        if (signaller == 0) {
            for (int fd = 3; fd < FDS_MOST; fd++)
                if (fd != ends[0] && fd != ends[1] && fd != file && fd != event && fd != timer && fd != epoll)
                    close(fd);
            signal_through_all();
            _exit(0);
        }
        waitpid(signaller, NULL, 0);
        _exit(look_for_signals(table, silent));
    }
    waitpid(looker, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) < 5)
        wrong("the detector sees only %d of its own signals", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    close(ends[0]), close(ends[1]), close(file), close(event), close(timer), close(epoll);
}

int main(void)
{
    static struct seen table[FDS_MOST];
    try_the_detector();
    remember(table);
    sleep_ms(1800);
    tried();
    look_for_signals(table, breach);
    return finish();
}
