// attack: makes a sparse file far larger than the disk limit and touches all its pages through a mapping
// expect: status=error signal=SIGBUS
// expect: status=memory
// with: attack.h
// limits: disk_bytes=4194304 memory_bytes=268435456
// host: plain
#include "attack.h"

int main(void)
{
    size_t size = 64 << 20;
    int fd = open("sparse", O_CREAT | O_RDWR, 0600);
    unlink("sparse");
    ftruncate(fd, (off_t)size);
    char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    for (size_t i = 0; i < size; i += 4096)
        p[i] = 1;
    breach("%zu bytes were written to a disk of 4 MiB", size);
    return finish();
}
