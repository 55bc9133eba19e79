// attack: looks for memory that it shares with others and could write to
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// host: never
#include "runtime.h"

static struct mapping maps[MAPPINGS_MOST];

int main(void)
{
    size_t n = mappings_read(maps);
    if (n == 0)
        wrong("/proc/self/maps: %s", strerror(errno));
    for (size_t i = 0; i < n; i++) {
        tried();
        if (maps[i].rights[3] != 's')
            continue;
        if (maps[i].rights[1] == 'w')
            breach("shared and writable: %s", maps[i].path);
        /* a shared mapping that is only read now, but may be made writable */
        else if (mprotect((void *)maps[i].start, maps[i].end - maps[i].start, PROT_READ | PROT_WRITE) == 0)
            breach("shared, and can be made writable: %s", maps[i].path);
    }
    printf("%zu mappings\n", n);
    return finish();
}
