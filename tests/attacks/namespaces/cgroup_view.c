// attack: looks where in the host's groups it stands, and for the groups' files
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    char line[512];
    FILE *f = fopen("/proc/self/cgroup", "re");
    while (f && fgets(line, sizeof line, f)) {
        tried();
        char *path = strchr(line, '/');
        if (strstr(line, "phial"))
            breach("its group is shown: %s", line);
        /* a controller that phial does not use has the run in the group that the executor is in, seen from its own
         * namespace: the root of it */
        if (!path || strcmp(path, "/\n"))
            breach("its place in the hierarchy is shown: %s", line);
    }
    STOPPED(access("/sys/fs/cgroup", F_OK), ENOENT);
    return finish();
}
