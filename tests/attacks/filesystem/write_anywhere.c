// attack: walks the whole tree and opens every file and folder for writing
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <ftw.h>

static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
static long seen;

static bool own(const char *path)
{
    if (!strncmp(path, "/work", 5) || !strncmp(path, "/tmp", 4) || !strncmp(path, "/proc", 5))
        return true;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (!strcmp(path, devices[i]))
            return true;
    return false;
}

static int visit(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)walk;
    (void)type;
    if (own(path))
        return FTW_SKIP_SUBTREE;
    seen++;
    if (S_ISREG(s->st_mode)) {
        int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd >= 0) {
            breach("%s can be written", path);
            close(fd);
        }
    } else if (S_ISDIR(s->st_mode)) {
        int fd = open(path, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
        if (fd >= 0) {
            breach("a file can be made in %s", path);
            close(fd);
        } else if (faccessat(AT_FDCWD, path, W_OK, 0) == 0) {
            breach("%s is writable", path);
        }
    } else if (!S_ISLNK(s->st_mode)) {
        breach("%s is a special file, mode %o", path, s->st_mode);
    }
    return breaches_ > 10 ? FTW_STOP : FTW_CONTINUE;
}

int main(void)
{
    nftw("/", visit, 64, FTW_PHYS | FTW_ACTIONRETVAL);
    tried();
    printf("%ld files and folders\n", seen);
    if (seen < 100)
        wrong("the walk saw only %ld files", seen);
    return finish();
}
