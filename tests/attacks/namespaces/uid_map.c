// attack: looks whether its user namespace maps root of the host, or all users
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    static const char *const files[] = {"/proc/self/uid_map", "/proc/self/gid_map"};
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(files[i], "re");
        unsigned long inside, outside, count, lines = 0;
        while (f && fscanf(f, "%lu %lu %lu", &inside, &outside, &count) == 3) {
            lines++;
            if (count > 65536)
                breach("%s maps %lu users", files[i], count);
            /* Seen from a process in the namespace, `outside` is counted in the namespace above: the host's. */
            if (outside < 1000)
                breach("%s maps user %lu of the host", files[i], outside);
        }
        tried();
        if (!lines)
            wrong("%s cannot be read", files[i]);
    }
    printf("uid=%u\ngid=%u\n", getuid(), getgid());
    if (getuid() == 0 || geteuid() == 0 || getgid() == 0 || getegid() == 0)
        breach("it runs as root of its namespace");
    gid_t groups[64];
    int n = getgroups(64, groups);
    for (int i = 0; i < n; i++)
        if (groups[i] != getgid())
            breach("it is in group %u", groups[i]);
    return finish();
}
