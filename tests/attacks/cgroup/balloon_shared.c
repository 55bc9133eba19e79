// attack: takes 10 GB of shared anonymous memory
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864
// host: never
#include "attack.h"

int main(void)
{
    for (long i = 0; i < 1024; i++) {
        char *p = mmap(NULL, 10 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (p != MAP_FAILED)
            touch(p, 10 << 20);
    }
    breach("10 GB were taken under a limit of 64 MiB");
    return finish();
}
