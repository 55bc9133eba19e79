// attack: shows itself: a process with a telling name, in a session of its own
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: visible_run
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"
#include <sys/prctl.h>

int main(void)
{
    prctl(PR_SET_NAME, "phial-secret");
    tried();
    sleep_ms(MEET_MS);
    return finish();
}
