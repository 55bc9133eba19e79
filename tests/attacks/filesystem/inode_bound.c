// attack: makes more files than a disk of its size may hold
// expect: status=ok stdout=contained
// with: attack.h
// limits: disk_bytes=1048576
// host: plain
#include "attack.h"

int main(void)
{
    char name[64];
    int made = 0;
    for (; made < 20000; made++) {
        snprintf(name, sizeof name, "file%d", made);
        int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0)
            break;
        close(fd);
    }
    tried();
    printf("%d files: %s\n", made, strerror(errno));
    if (made > 4096)
        breach("%d files on a disk of 1 MiB", made);
    else if (errno != ENOSPC)
        wrong("it ended with %s", strerror(errno));
    return finish();
}
