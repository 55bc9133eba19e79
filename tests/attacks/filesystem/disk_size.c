// attack: fills the work folder and /tmp past the limit: by writing, by fallocate, in both, through a mapping
// expect: status=ok stdout=contained
// with: attack.h
// limits: disk_bytes=4194304 memory_bytes=134217728
// host: plain
#include "attack.h"

static const long most = 4194304;

static long fill(const char *path)
{
    static char block[65536];
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    long total = 0;
    ssize_t n;
    while (total < 2 * most && (n = write(fd, block, sizeof block)) > 0)
        total += n;
    if (total < 2 * most && errno != ENOSPC && errno != EDQUOT)
        wrong("%s: %s", path, strerror(errno));
    close(fd);
    return total;
}

int main(void)
{
    tried();
    long work = fill("fill"), tmp = fill("/tmp/phial-fill");
    printf("work %ld, tmp %ld\n", work, tmp);
    if (work + tmp > most + 65536)
        breach("%ld bytes could be written, %ld is the limit", work + tmp, most);
    unlink("fill");
    unlink("/tmp/phial-fill");
    int fd = open("fill", O_CREAT | O_RDWR, 0600);
    STOPPED(fallocate(fd, 0, 0, 2 * most), ENOSPC, EDQUOT);
    STOPPED(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 1L << 40), ENOSPC, EDQUOT, EFBIG);
    close(fd);
    unlink("fill");
    return finish();
}
