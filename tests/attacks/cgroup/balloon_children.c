// attack: takes memory in ten children, none of which is over the limit alone
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 10; i++)
        if (fork() == 0) {
            char *p = malloc(20 << 20);
            touch(p, 20 << 20);
            sleep_ms(3000);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    breach("200 MB were taken under a limit of 64 MiB, or only a child died of it");
    return finish();
}
