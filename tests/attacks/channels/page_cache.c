// attack: reads and changes what the shared page cache holds of the image, a channel between runs
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/uio.h>

int main(void)
{
    int fd = open("/etc/passwd", O_RDONLY);
    unsigned char resident = 0;
    char byte;
    struct iovec v = {&byte, 1};
    void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    DENIED(mincore(p, 4096, &resident));
    STOPPED(preadv2(fd, &v, 1, 0, RWF_NOWAIT), EPERM, EOPNOTSUPP);
    UNKNOWN(syscall(451 /* cachestat */, fd, 0, 0, 0));
    DENIED(readahead(fd, 0, 4096));
    STOPPED_NAMED("fadvise DONTNEED", syscall(SYS_fadvise64, fd, 0, 0, 4), EPERM);
    DENIED(madvise(p, 4096, 21 /* MADV_PAGEOUT */));
    DENIED(madvise(p, 4096, 20 /* MADV_COLD */));
    return finish();
}
