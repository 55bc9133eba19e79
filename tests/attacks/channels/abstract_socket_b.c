// attack: calls the abstract socket name of the other run
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: abstract_socket
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"
#include <sys/un.h>

int main(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0" SECRET};
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        tried();
        if (s >= 0 && connect(s, (struct sockaddr *)&a, sizeof a) == 0)
            breach("somebody answered");
        close(s);
        sleep_ms(20);
    }
    return finish();
}
