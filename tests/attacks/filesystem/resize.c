// attack: gets at more room than the tmpfs has: O_TMPFILE, unlinked open files, memfd, xattr, symlinks with long targets
// expect: status=ok stdout=contained
// expect: status=memory
// with: attack.h
// limits: disk_bytes=4194304 memory_bytes=67108864
// host: plain
#include "attack.h"
#include <sys/xattr.h>

int main(void)
{
    static char block[65536];
    long total = 0;
    for (int i = 0; i < 200; i++) { /* files that have no name any more */
        int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
        ssize_t n;
        if (fd < 0)
            break;
        for (int k = 0; k < 16 && (n = write(fd, block, sizeof block)) > 0; k++)
            total += n;
    }
    tried();
    if (total > 4194304 + 65536)
        breach("%ld bytes in files without a name", total);
    char target[4090], name[32];
    memset(target, 't', sizeof target);
    target[sizeof target - 1] = 0;
    long links = 0;
    for (; links < 20000; links++) {
        snprintf(name, sizeof name, "l%ld", links);
        if (symlink(target, name))
            break;
    }
    printf("%ld bytes without a name, %ld long links: %s\n", total, links, strerror(errno));
    if (links == 20000)
        breach("20,000 links of 4 kB could be made");
    for (long i = 0; i < links; i++) {
        snprintf(name, sizeof name, "l%ld", i);
        unlink(name);
    }
    return finish();
}
