// attack: runs twice at the same moment: no namespace, user or group may be the same
// expect: status=ok stdout=contained
// with: attack.h
// pair: differ
// order: together
// differ: uid
// differ: gid
// differ: mnt
// differ: pid
// differ: net
// differ: ipc
// differ: uts
// differ: cgroup
// differ: random
// differ: hash_seed
// host: never
#include "attack.h"
#include <sys/auxv.h>

int main(void)
{
    static const char *const names[] = {"mnt", "pid", "net", "ipc", "uts", "cgroup"};
    char path[64], link[128] = "";
    printf("uid=%u\ngid=%u\n", getuid(), getgid());
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        ssize_t n = readlink(path, link, sizeof link - 1);
        tried();
        if (n < 0)
            wrong("%s: %s", path, strerror(errno));
        printf("%s=%.*s\n", names[i], n < 0 ? 0 : (int)n, link);
    }
    uint64_t random = 0, seed = 0;
    syscall(SYS_getrandom, &random, sizeof random, 0);
    memcpy(&seed, (const void *)getauxval(AT_RANDOM), sizeof seed);
    printf("random=%llx\nhash_seed=%llx\n", (unsigned long long)random, (unsigned long long)seed);
    sleep_ms(1500); /* so that both live at the same time */
    return finish();
}
