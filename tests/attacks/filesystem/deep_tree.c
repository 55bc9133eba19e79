// attack: makes a tree of folders a million deep, which whoever removes it would have to walk
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
    long depth = 0;
    for (; depth < 1000000; depth++)
        if (mkdir("d", 0700) || chdir("d"))
            break;
    tried();
    printf("%ld deep: %s\n", depth, strerror(errno));
    if (depth == 1000000)
        breach("a million folders were made");
    else if (errno != ENOSPC && errno != EDQUOT)
        wrong("it ended with %s", strerror(errno));
    return finish();
}
