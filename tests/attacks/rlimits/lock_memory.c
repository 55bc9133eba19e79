// attack: locks a gigabyte of memory
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    size_t size = 1 << 30;
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    STOPPED(mlock2(p, size, MLOCK_ONFAULT), ENOMEM, EPERM, EAGAIN);
    STOPPED(
        (long)mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_NORESERVE, -1, 0),
        EAGAIN, EPERM, ENOMEM);
    return finish();
}
