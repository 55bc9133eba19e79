// attack: looks for more devices than null, zero, full, random and urandom
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/sysmacros.h>

int main(void)
{
    static const char *const names[] = {"null", "zero", "full", "random", "urandom"};
    static const unsigned minors[] = {3, 5, 7, 8, 9};
    DIR *folder = opendir("/dev");
    struct dirent *e;
    while (folder && (e = readdir(folder))) {
        bool known = e->d_name[0] == '.';
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            known |= !strcmp(e->d_name, names[i]);
        tried();
        if (!known)
            breach("/dev has %s", e->d_name);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stat s;
        char path[64];
        snprintf(path, sizeof path, "/dev/%s", names[i]);
        if (stat(path, &s) || !S_ISCHR(s.st_mode) || s.st_rdev != makedev(1, minors[i]))
            breach("%s is not what it should be", path);
        else if (getuid() && chmod(path, 0777) == 0) /* as root, in the host's self-test, it would */
            breach("the mode of %s can be changed", path);
    }
    if (getuid() == 0)
        return finish();
    STOPPED(open("/dev/x", O_CREAT | O_WRONLY, 0600), EROFS, EACCES, EPERM);
    STOPPED(unlink("/dev/null"), EROFS, EACCES, EPERM, EBUSY);
    return finish();
}
