// attack: asks for a million names that are not there: each leaves a negative dentry that outlives the run's group
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
    memset(name, 'x', sizeof name);
    static const char *const folders[] = {"/work/", "/tmp/", "/usr/", "/proc/self/", "/dev/"};
    for (long i = 0; i < 1000000; i++) {
        const char *folder = folders[i % 5];
        size_t n = strlen(folder);
        memcpy(name, folder, n);
        name[n] = 'x';
        snprintf(name + 200, sizeof name - 200, "%ld", i);
        access(name, F_OK);
    }
    tried();
    return finish();
}
