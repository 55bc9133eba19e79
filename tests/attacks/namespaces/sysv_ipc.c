// attack: makes and finds System V shared memory, semaphores and queues
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

int main(void)
{
    int shm = -1, sem = -1, msg = -1;
    DENIED(shm = shmget(0x50484941, 4096, IPC_CREAT | 0666));
    DENIED(sem = semget(0x50484941, 1, IPC_CREAT | 0666));
    DENIED(msg = msgget(0x50484941, IPC_CREAT | 0666));
    if (shm >= 0)
        shmctl(shm, IPC_RMID, NULL);
    if (sem >= 0)
        semctl(sem, 0, IPC_RMID);
    if (msg >= 0)
        msgctl(msg, IPC_RMID, NULL);
    /* numbers are small, so another run's object could be guessed */
    for (int id = 0; id < 64; id++) {
        struct shmid_ds d;
        STOPPED_NAMED("shmat", (long)shmat(id, NULL, 0), EPERM);
        STOPPED_NAMED("shmctl", shmctl(id, SHM_STAT, &d), EPERM);
    }
    DENIED(syscall(SYS_semtimedop, 0, 0, 0, 0));
    DENIED(syscall(SYS_msgrcv, 0, 0, 0, 0, 0));
    return finish();
}
