// attack: watches a file of the shared image for the other run's reading: inotify, fanotify, F_NOTIFY
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: inotify
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"
#include <sys/inotify.h>

int main(void)
{
    int fd = inotify_init1(IN_NONBLOCK);
    if (fd < 0 && errno != EPERM)
        wrong("inotify: %s", strerror(errno));
    DENIED(syscall(SYS_fanotify_init, 0x200 /* FAN_REPORT_FID */, 0));
    DENIED(fcntl(open("/etc", O_RDONLY | O_DIRECTORY), F_NOTIFY, DN_ACCESS | DN_MULTISHOT));
    inotify_add_watch(fd, "/etc/passwd", IN_ALL_EVENTS);
    char event[4096];
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        tried();
        if (read(fd, event, sizeof event) > 0)
            breach("somebody read the file");
        sleep_ms(10);
    }
    return finish();
}
