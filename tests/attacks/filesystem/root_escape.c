// attack: leaves its root upwards: dot-dot from a kept descriptor, /proc/self/root, cwd, openat2
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

static void same_root(const char *what, int fd)
{
    struct stat root, found;
    tried();
    if (fd < 0 || stat("/", &root) || fstat(fd, &found))
        wrong("%s: %s", what, strerror(errno));
    else if (root.st_dev != found.st_dev || root.st_ino != found.st_ino)
        breach("%s leads out of the root", what);
    if (fd >= 0)
        close(fd);
}

int main(void)
{
    char cwd[256] = "";
    getcwd(cwd, sizeof cwd);
    tried();
    if (strcmp(cwd, "/work"))
        breach("it starts in %s", cwd);
    same_root("/proc/self/root", open("/proc/self/root", O_PATH | O_DIRECTORY));
    same_root("/proc/self/root/..", open("/proc/self/root/..", O_PATH | O_DIRECTORY));
    int kept = open("/", O_PATH | O_DIRECTORY);
    same_root("dot-dot of the root", openat(kept, "../../../../..", O_PATH | O_DIRECTORY));
    int work = open("/work", O_PATH | O_DIRECTORY);
    same_root("dot-dot of the work folder", openat(work, "../../..", O_PATH | O_DIRECTORY));
    mkdir("/tmp/a", 0700);
    mkdir("/tmp/b", 0700);
    mkdir("/tmp/a/c", 0700);
    int moved = open("/tmp/a/c", O_PATH | O_DIRECTORY);
    rename("/tmp/a/c", "/tmp/b/c");
    same_root("dot-dot of a folder that was moved", openat(moved, "../../../..", O_PATH | O_DIRECTORY));
    DENIED(chroot("/tmp/a"));
    /* what the root stands on: the host's files would be under it or beside it */
    static const char *const names[] = {"/oldroot",       "/old",       "/.old_root", "/host",
                                        "/sys/kernel",    "/boot/grub", "/root/.ssh", "/run/phial",
                                        "/var/lib/phial", "/etc/phial"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        STOPPED_NAMED(names[i], access(names[i], F_OK), ENOENT, EACCES);
    return finish();
}
