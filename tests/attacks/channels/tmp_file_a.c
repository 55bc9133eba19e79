// attack: leaves a file in /tmp and in the work folder for a run at the same time
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: tmp_file
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"

int main(void)
{
    static const char *const paths[] = {"/tmp/phial-attack", "phial-attack", "/dev/shm/phial-attack",
                                        "/var/tmp/phial-attack", "/run/phial-attack"};
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until) {
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
            int fd = open(paths[i], O_CREAT | O_WRONLY | O_TRUNC, 0666);
            if (fd >= 0 && write(fd, SECRET, sizeof SECRET) > 0)
                tried();
            close(fd);
        }
        sleep_ms(20);
    }
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        unlink(paths[i]);
    return finish();
}
