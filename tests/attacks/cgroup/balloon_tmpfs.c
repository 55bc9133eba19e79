// attack: writes files of 10 GB where the disk limit is larger than the memory limit
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864 disk_bytes=1073741824
// host: never
#include "attack.h"

int main(void)
{
    static char block[1 << 20];
    long total = 0;
    int fd = open("balloon", O_CREAT | O_WRONLY, 0600);
    ssize_t n;
    while (total < 10L << 30 && (n = write(fd, block, sizeof block)) > 0)
        total += n;
    breach("%ld bytes were written under a limit of 64 MiB: %s", total, strerror(errno));
    return finish();
}
