// attack: writes, makes and moves what Landlock does not allow even where the mount would; looks that it stands
// expect: status=ok stdout=contained
// needs: landlock
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    /* nothing but the image (read, execute) and the work folders (everything but devices): */
    STOPPED(open("/new", O_CREAT | O_WRONLY, 0600), EACCES, EROFS, EPERM);
    STOPPED(mkdir("/dev/new", 0700), EACCES, EROFS, EPERM);
    STOPPED(open("/proc/self/comm", O_WRONLY), EACCES, EROFS, EPERM);
    /* Landlock answers EXDEV or EACCES for a move between folders of unequal rights, before the mount is asked */
    mkdir("/work/a", 0700);
    STOPPED(rename("/work/a", "/proc/a"), EACCES, EXDEV, EROFS, EPERM);
    return finish();
}
