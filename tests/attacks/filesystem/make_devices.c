// attack: makes devices by number: memory, disk, kernel log; opens them
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/sysmacros.h>

int main(void)
{
    static const struct {
        unsigned type, major, minor;
    } devices[] = {{S_IFCHR, 1, 1},    {S_IFCHR, 1, 2}, {S_IFCHR, 1, 11},  {S_IFCHR, 5, 1},
                   {S_IFCHR, 10, 200}, {S_IFBLK, 8, 0}, {S_IFBLK, 254, 0}, {S_IFBLK, 7, 0},
                   {S_IFCHR, 10, 229}, {S_IFCHR, 0, 0}, {S_IFSOCK, 0, 0}};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        char path[64];
        snprintf(path, sizeof path, "/tmp/device%zu", i);
        unsigned mode = devices[i].type | 0600;
        DENIED(mknod(path, mode, makedev(devices[i].major, devices[i].minor)));
        DENIED(mknodat(AT_FDCWD, path, mode, makedev(devices[i].major, devices[i].minor)));
        unlink(path);
    }
    return finish();
}
