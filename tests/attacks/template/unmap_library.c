// attack: unmaps the library that copied the process, and all that it can spare, and goes on
// expect: status=ok stdout=contained
// expect: status=error signal=SIGSEGV stdout=contained
// with: attack.h
// with: runtime.h
// host: never
#include "runtime.h"

static struct mapping maps[MAPPINGS_MOST];

int main(void)
{
    size_t n = mappings_read(maps);
    tried();
    finish(); /* now, as other threads of a runtime may meet the hole first */
    for (size_t i = 0; i < n; i++)
        if (is_engine(&maps[i]))
            munmap((void *)maps[i].start, maps[i].end - maps[i].start);
    sleep_ms(50);
    _exit(0);
}
