// attack: opens and reads a file of the shared image again and again, as a signal to a run at the same time
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: inotify
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"

int main(void)
{
    char text[64];
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until) {
        tried();
        if (peek("/etc/passwd", text, sizeof text) < 0)
            wrong("/etc/passwd: %s", strerror(errno));
        sleep_ms(10);
    }
    return finish();
}
