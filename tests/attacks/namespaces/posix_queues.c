// attack: makes a POSIX message queue, and shared memory under /dev/shm
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <mqueue.h>

int main(void)
{
    int q = -1;
    DENIED(q = (int)syscall(SYS_mq_open, "phial-attack", O_CREAT | O_RDWR, 0600, 0));
    if (q >= 0)
        syscall(SYS_mq_unlink, "phial-attack");
    DENIED(syscall(SYS_mq_unlink, "phial-attack"));
    int shm = -1;
    STOPPED(shm = open("/dev/shm/phial-attack", O_CREAT | O_RDWR, 0600), ENOENT, EROFS, EACCES);
    if (shm >= 0)
        unlink("/dev/shm/phial-attack");
    STOPPED(access("/dev/mqueue", F_OK), ENOENT);
    return finish();
}
