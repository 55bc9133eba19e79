// attack: walks the whole tree for set-id programs and file capabilities
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <ftw.h>
#include <sys/xattr.h>

static long seen;

static int visit(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)walk;
    (void)type;
    if (!strncmp(path, "/proc", 5))
        return FTW_SKIP_SUBTREE;
    seen++;
    if (S_ISREG(s->st_mode) && s->st_mode & (S_ISUID | S_ISGID))
        breach("%s has mode %o", path, s->st_mode);
    char value[64];
    if (S_ISREG(s->st_mode) && getxattr(path, "security.capability", value, sizeof value) > 0)
        breach("%s has capabilities", path);
    if (S_ISREG(s->st_mode) && s->st_uid == getuid() && strncmp(path, "/work", 5) &&
        strncmp(path, "/tmp", 4) && getuid())
        breach("%s is the run's own", path);
    return breaches_ > 10 ? FTW_STOP : FTW_CONTINUE;
}

int main(void)
{
    nftw("/", visit, 64, FTW_PHYS | FTW_ACTIONRETVAL);
    tried();
    if (seen < 100)
        wrong("the walk saw only %ld files", seen);
    return finish();
}
