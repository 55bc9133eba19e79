// attack: offers System V memory, a POSIX queue and a key to a run at the same time
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
    int id = shmget(0x7068, 4096, IPC_CREAT | 0666),
        q = (int)syscall(SYS_mq_open, SECRET, O_CREAT | O_RDWR, 0666, NULL);
    tried();
    char *p = id < 0 ? NULL : shmat(id, NULL, 0);
    if (p && p != (char *)-1)
        strcpy(p, SECRET);
    sleep_ms(MEET_MS);
    if (id >= 0)
        shmctl(id, IPC_RMID, NULL);
    if (q >= 0)
        syscall(SYS_mq_unlink, SECRET);
    return finish();
}
