// attack: closes every descriptor it has, and goes on without
// expect: status=ok exit=0
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    for (int fd = 0; fd < 4096; fd++)
        close(fd);
    sleep_ms(200);
    return 0;
}
