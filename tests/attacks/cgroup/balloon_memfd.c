// attack: writes 10 GB into memfds, which no disk limit bounds
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864
// host: never
#include "attack.h"

int main(void)
{
    static char block[1 << 20];
    long total = 0;
    for (int i = 0; i < 10; i++) {
        int fd = (int)syscall(SYS_memfd_create, "balloon", 0);
        ssize_t n;
        for (long k = 0; k < 1024 && (n = write(fd, block, sizeof block)) > 0; k++)
            total += n;
    }
    breach("%ld bytes were written under a limit of 64 MiB: %s", total, strerror(errno));
    return finish();
}
