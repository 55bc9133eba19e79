// attack: closes every descriptor, those of the runtime and its report too, lives on for a moment and ends
// expect: status=error exit=5
// expect: status=error signal=SIGABRT
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    syscall(SYS_close_range, 0, ~0u, 0);
    for (int fd = 0; fd < 70000; fd++)
        close(fd);
    sleep_ms(200);
    return 5;
}
