// attack: makes a million hard links to one file: names cost memory, but no inode of their own
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
    char name[300];
    long made = 0;
    memset(name, 'n', sizeof name);
    close(open("one", O_CREAT | O_WRONLY, 0600));
    for (; made < 1000000; made++) {
        snprintf(name + 200, sizeof name - 200, "%ld", made);
        if (link("one", name))
            break;
    }
    tried();
    printf("%ld links: %s\n", made, strerror(errno));
    if (made == 1000000)
        breach("a million links were made");
    else if (errno != ENOSPC && errno != EMLINK && errno != EDQUOT)
        wrong("it ended with %s", strerror(errno));
    return finish();
}
