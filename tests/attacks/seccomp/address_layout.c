// attack: turns address randomization off, changes the personality, maps page zero
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/personality.h>

int main(void)
{
    static const unsigned long values[] = {ADDR_NO_RANDOMIZE,
                                           READ_IMPLIES_EXEC,
                                           MMAP_PAGE_ZERO,
                                           PER_LINUX32,
                                           0,
                                           UNAME26,
                                           1UL << 32 | ADDR_NO_RANDOMIZE};
    int was = (int)syscall(SYS_personality, 0xffffffffUL);
    tried();
    if (was != 0)
        breach("the personality is %x", was);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        DENIED(syscall(SYS_personality, values[i]));
    STOPPED((long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
            EPERM, EACCES);
    return finish();
}
