// attack: looks for the other run's locks on a file of the shared image
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: file_locks
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"
#include <sys/file.h>

int main(void)
{
    int fd = open("/etc/passwd", O_RDONLY);
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        tried();
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            flock(fd, LOCK_UN);
        else if (errno == EWOULDBLOCK)
            breach("somebody holds the lock");
        struct flock l = {.l_type = F_WRLCK};
        if (fcntl(fd, F_OFD_GETLK, &l) == 0 && l.l_type != F_UNLCK)
            breach("process %d holds a record lock", l.l_pid);
        sleep_ms(10);
    }
    return finish();
}
