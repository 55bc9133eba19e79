// attack: looks for the System V memory and the POSIX queue of the other run
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: shared_memory
// order: together
// slow: yes
// host: plain
#include "attack.h"
#include "channel.h"
#include <sys/ipc.h>
#include <sys/shm.h>

int main(void)
{
    double until = now_s() + MEET_MS / 1000.0;
    while (now_s() < until && !breaches_) {
        tried();
        int id = shmget(0x7068, 0, 0);
        if (id >= 0)
            breach("the memory is there");
        if ((int)syscall(SYS_mq_open, SECRET, O_RDONLY, 0, NULL) >= 0)
            breach("the queue is there");
        sleep_ms(10);
    }
    return finish();
}
