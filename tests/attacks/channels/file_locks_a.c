// attack: locks a file of the shared image in every way, as a signal to a run at the same time
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
    struct flock l = {.l_type = F_RDLCK};
    tried();
    if (fd < 0)
        wrong("/etc/passwd: %s", strerror(errno));
    flock(fd, LOCK_EX | LOCK_NB);
    fcntl(fd, F_SETLK, &l);
    fcntl(fd, F_SETLEASE, F_RDLCK);
    sleep_ms(MEET_MS);
    return finish();
}
