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
    STOPPED(open("/proc/self/fd/1000", O_RDWR), ENOENT);
    STOPPED(open("/proc/self/fd/1001", O_RDWR), ENOENT);
    STOPPED(open("/proc/self/fd/1002", O_RDWR), ENOENT);
    return finish();
}
