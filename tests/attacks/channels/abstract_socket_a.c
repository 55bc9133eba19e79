// attack: listens on an abstract socket name for a run at the same time
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
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0" SECRET};
    tried();
    if (s >= 0 && (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 5)))
        wrong("bind: %s", strerror(errno));
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until) {
        int other = accept(s, NULL, NULL);
        if (other >= 0)
            breach("a process called");
        sleep_ms(10);
    }
    return finish();
}
