// attack: looks for the file that the other run leaves
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
    char text[64];
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
            if (peek(paths[i], text, sizeof text) > 0)
                breach("%s holds %s", paths[i], text);
        tried();
        sleep_ms(10);
    }
    return finish();
}
