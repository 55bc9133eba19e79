// attack: looks for what the library of a template was started with: variables, descriptors
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

extern char **environ;

int main(void)
{
    for (char **e = environ; *e; e++) {
        tried();
        if (!strncmp(*e, "PHIAL_ENGINE", 12) || !strncmp(*e, "LD_PRELOAD", 10))
            breach("there is %s", *e);
    }
    char what[64];
    for (int fd = 1000; fd < 1003; fd++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        STOPPED_NAMED(path, readlink(path, what, sizeof what), ENOENT);
    }
    return finish();
}
