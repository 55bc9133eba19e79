// attack: makes a million empty files
// expect: status=ok stdout=contained
// expect: status=memory
// expect: status=timeout
// with: attack.h
// limits: cpu_ms=10000
// slow: yes
// host: never
#include "attack.h"

int main(void)
{
    char name[64];
    long made = 0;
    mkdir("many", 0700);
    for (; made < 1000000; made++) {
        snprintf(name, sizeof name, "%s/%ld", made % 2 ? "many" : "/tmp", made);
        int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0)
            break;
        close(fd);
    }
    tried();
    printf("%ld files: %s\n", made, strerror(errno));
    if (made == 1000000)
        breach("a million files were made");
    else if (errno != ENOSPC && errno != EDQUOT)
        wrong("it ended with %s", strerror(errno));
    return finish();
}
