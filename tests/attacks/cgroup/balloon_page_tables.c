// attack: touches one page in each 2 MiB of a huge mapping: page tables cost more than the pages
// expect: status=memory
// with: attack.h
// limits: memory_bytes=33554432
// host: never
#include "attack.h"

int main(void)
{
    size_t size = 40UL << 30;
    char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    madvise(p, size, MADV_NOHUGEPAGE);
    if (p == MAP_FAILED)
        wrong("mmap: %s", strerror(errno));
    else
        for (size_t i = 0; i < size; i += 2 << 20)
            (void)*(volatile char *)(p + i); /* reads the zero page: only the tables cost memory */
    breach("80 MB of page tables under a limit of 32 MiB");
    return finish();
}
