// attack: looks for the other run's process, and sends it signals
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: visible_run
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"

int main(void)
{
    char path[64], text[64];
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        for (int pid = 2; pid < 40000 && !breaches_; pid++) {
            if (pid == getpid())
                continue;
            tried();
            snprintf(path, sizeof path, "/proc/%d/comm", pid);
            if (peek(path, text, sizeof text) > 0 && strstr(text, "phial-secret"))
                breach("process %d is the other run", pid);
            else if (!is_holder(pid) && kill(pid, 0) == 0)
                breach("process %d takes signals", pid);
        }
        sleep_ms(50);
    }
    return finish();
}
