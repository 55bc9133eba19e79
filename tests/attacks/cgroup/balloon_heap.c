// attack: takes 10 GB on the heap and touches all of it
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864
// host: never
#include "attack.h"

int main(void)
{
    for (long i = 0; i < 10240; i++) {
        char *p = malloc(1 << 20);
        touch(p, 1 << 20);
    }
    breach("10 GB were taken under a limit of 64 MiB");
    return finish();
}
